"""Normal weather of 18 Slovenian towns: figures of the daily mean temperatures of ten heating seasons.

July 2016 to June 2026, ERA5-Land, under ODbL 1.0, from podnebnik.org, Open-Meteo and the Copernicus Climate Change
Service; figures only. Ten seasons, because a winter is foretold best by the last eight to ten: thirty years, which hold
colder ones, overstate it by 8 % (docs/accuracy.md). Newer figures come by `python -m tools.climate_normals FILE`.
"""

from typing import NamedTuple


class TownNormals(NamedTuple):
    """Twelve figures each, January first, in degrees Celsius.

    `scatter_c` is the standard deviation of single days about the normal day of their date, all ten years together.
    """

    mean_c: tuple[float, ...]
    scatter_c: tuple[float, ...]


SEASONS = (2016, 2025)
"""The years in which the first and the last of the ten seasons began."""

# fmt: off
TOWNS: dict[str, TownNormals] = {
    "Celje": TownNormals(
        mean_c=(1.4, 3.9, 7.0, 11.1, 15.2, 21.0, 22.2, 21.8, 17.1, 12.5, 6.6, 2.5),
        scatter_c=(3.7, 3.7, 3.3, 3.5, 2.8, 2.7, 2.6, 2.8, 2.7, 3.2, 3.1, 2.9),
    ),
    "Domžale": TownNormals(
        mean_c=(0.7, 3.2, 6.3, 10.5, 14.6, 20.4, 21.7, 21.3, 16.6, 11.8, 6.2, 1.9),
        scatter_c=(3.4, 3.4, 3.0, 3.3, 2.7, 2.7, 2.6, 2.8, 2.6, 3.0, 3.0, 2.8),
    ),
    "Ilirska Bistrica": TownNormals(
        mean_c=(3.0, 4.8, 7.2, 10.8, 14.7, 20.5, 22.0, 22.0, 17.2, 13.0, 7.9, 4.4),
        scatter_c=(3.3, 3.5, 2.9, 3.3, 2.7, 2.5, 2.4, 2.7, 2.5, 3.0, 3.0, 3.1),
    ),
    "Kočevje": TownNormals(
        mean_c=(0.9, 3.3, 5.9, 9.6, 13.6, 19.4, 21.0, 20.6, 15.9, 11.5, 6.0, 2.4),
        scatter_c=(4.1, 4.1, 3.4, 3.5, 2.9, 2.7, 2.7, 2.9, 2.7, 3.4, 3.3, 3.4),
    ),
    "Koper": TownNormals(
        mean_c=(5.2, 6.8, 9.4, 13.0, 17.1, 22.9, 24.6, 24.6, 19.9, 15.4, 10.7, 7.0),
        scatter_c=(2.7, 2.8, 2.4, 2.8, 2.5, 2.3, 2.2, 2.5, 2.3, 2.4, 2.4, 2.5),
    ),
    "Kranj": TownNormals(
        mean_c=(0.3, 3.0, 6.0, 10.1, 14.1, 19.8, 21.1, 20.7, 16.0, 11.4, 5.7, 1.6),
        scatter_c=(3.5, 3.3, 3.0, 3.3, 2.8, 2.6, 2.5, 2.7, 2.5, 3.0, 3.0, 2.8),
    ),
    "Kredarica": TownNormals(
        mean_c=(-2.3, -0.4, 1.7, 5.6, 9.5, 15.4, 16.4, 16.5, 12.0, 8.1, 2.6, -0.7),
        scatter_c=(3.9, 4.3, 3.7, 4.0, 3.1, 2.8, 2.7, 3.1, 3.1, 3.8, 3.3, 3.8),
    ),
    "Ljubljana": TownNormals(
        mean_c=(0.3, 2.9, 6.0, 10.3, 14.4, 20.3, 21.6, 21.2, 16.3, 11.5, 5.9, 1.5),
        scatter_c=(3.7, 3.4, 3.0, 3.3, 2.8, 2.7, 2.5, 2.7, 2.5, 3.0, 3.1, 3.0),
    ),
    "Maribor": TownNormals(
        mean_c=(1.5, 4.2, 7.4, 11.5, 15.4, 21.0, 22.2, 21.9, 17.3, 12.7, 6.6, 2.7),
        scatter_c=(3.6, 3.9, 3.6, 3.9, 3.1, 2.9, 2.7, 3.0, 2.9, 3.1, 2.9, 2.9),
    ),
    "Murska Sobota": TownNormals(
        mean_c=(0.9, 3.5, 7.0, 11.4, 15.6, 21.3, 22.5, 22.0, 17.2, 12.3, 6.2, 2.0),
        scatter_c=(4.0, 3.7, 3.6, 3.6, 2.9, 2.9, 2.7, 2.8, 2.8, 3.1, 3.0, 3.0),
    ),
    "Nova Gorica": TownNormals(
        mean_c=(4.0, 6.3, 9.1, 13.0, 16.9, 22.5, 24.1, 24.1, 19.3, 14.7, 9.5, 5.5),
        scatter_c=(2.8, 2.8, 2.5, 3.1, 2.7, 2.5, 2.4, 2.7, 2.5, 2.7, 2.5, 2.6),
    ),
    "Novo mesto": TownNormals(
        mean_c=(1.8, 4.4, 7.5, 11.6, 15.7, 21.6, 22.9, 22.6, 17.7, 12.9, 7.1, 3.1),
        scatter_c=(3.8, 3.8, 3.3, 3.5, 2.9, 2.8, 2.7, 2.9, 2.7, 3.2, 3.1, 3.0),
    ),
    "Postojna": TownNormals(
        mean_c=(0.8, 2.9, 5.5, 9.2, 13.1, 19.0, 20.3, 20.2, 15.5, 11.2, 5.8, 2.3),
        scatter_c=(3.7, 3.9, 3.1, 3.4, 2.8, 2.7, 2.5, 2.8, 2.6, 3.2, 3.1, 3.3),
    ),
    "Ptuj": TownNormals(
        mean_c=(1.1, 3.8, 7.0, 11.1, 15.2, 20.9, 22.1, 21.7, 17.0, 12.3, 6.4, 2.2),
        scatter_c=(4.0, 3.9, 3.6, 3.7, 3.0, 2.8, 2.7, 2.9, 2.8, 3.3, 3.1, 3.2),
    ),
    "Rateče": TownNormals(
        mean_c=(-2.3, 0.2, 3.4, 7.6, 11.7, 17.5, 18.6, 18.4, 13.8, 9.4, 3.3, -0.7),
        scatter_c=(3.8, 3.6, 3.0, 3.3, 2.8, 2.6, 2.4, 2.7, 2.7, 3.2, 3.0, 3.4),
    ),
    "Tolmin": TownNormals(
        mean_c=(3.1, 5.4, 8.1, 11.8, 15.6, 21.3, 22.6, 22.6, 18.0, 13.6, 8.2, 4.5),
        scatter_c=(3.0, 3.1, 2.7, 3.2, 2.7, 2.5, 2.4, 2.6, 2.5, 2.8, 2.7, 2.7),
    ),
    "Trbovlje": TownNormals(
        mean_c=(2.1, 4.5, 7.6, 11.3, 15.1, 20.9, 22.2, 21.9, 17.3, 12.9, 7.1, 3.3),
        scatter_c=(3.8, 4.1, 3.7, 3.8, 3.0, 2.8, 2.7, 3.0, 2.9, 3.4, 3.1, 3.3),
    ),
    "Velenje": TownNormals(
        mean_c=(0.1, 2.7, 5.8, 9.9, 13.8, 19.6, 20.9, 20.7, 16.0, 11.2, 5.4, 1.3),
        scatter_c=(3.3, 3.5, 3.2, 3.5, 2.8, 2.7, 2.6, 2.8, 2.8, 3.0, 2.9, 2.5),
    ),
}
# fmt: on
