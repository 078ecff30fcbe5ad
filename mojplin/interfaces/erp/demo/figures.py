"""Figures of real homes and real weather that the demo supplier's customers are made from: results, not data.

Homes: base load, slope, balance temperature and scatter fitted once to real gas use by

    use of a day = slope * (base_degrees + max(0, balance_c - mean temperature of the day))

MA01 to MA10: gas bills of ten homes in Massachusetts with station temperatures, 2018-2023, from
codeforboston/home-energy-analysis-tool (MIT). UK1: daily values of one home in the United Kingdom, 2020-2022, from
the samples of OpenDSM (Apache-2.0). BE1 to BE3: daily values of three homes in Belgium, 2016, from opengridcc/opengrid
(Apache-2.0; BE3 without the weeks of a sensor outage). The energy is that of the origin's own billing.

Towns: figures of the daily mean temperatures 2016-2025 of 18 Slovenian towns (ERA5-Land), under ODbL 1.0, from
podnebnik.org, Open-Meteo and the Copernicus Climate Change Service.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class RealHome:
    """One fitted home. Temperatures in degrees Celsius, `slope_kwh` in kWh a day for each degree below `balance_c`.

    `base_degrees` is hot water and cooking of a day, said in degrees; the scatters are relative standard deviations
    of a month's use about the fit: of months with more than four degree days a day, and of months without heating.
    """

    name: str
    balance_c: float
    base_degrees: float
    slope_kwh: float
    heating_scatter: float
    summer_scatter: float


@dataclass(frozen=True)
class TownNormals:
    """Twelve figures each, January first, in degrees Celsius.

    `day_scatter_c`: standard deviation of days about their own month's mean, `lag_1` its correlation from one day to
    the next; `year_scatter_c`: standard deviation of the month's mean from year to year.
    """

    mean_c: tuple[float, ...]
    day_scatter_c: tuple[float, ...]
    year_scatter_c: tuple[float, ...]
    lag_1: float


# fmt: off
REAL_HOMES = (
    RealHome("MA01", balance_c=18.5, base_degrees=1.43, slope_kwh=7.09, heating_scatter=0.145, summer_scatter=0.280),
    RealHome("MA02", balance_c=14.0, base_degrees=1.27, slope_kwh=9.58, heating_scatter=0.070, summer_scatter=0.132),
    RealHome("MA03", balance_c=16.5, base_degrees=0.63, slope_kwh=20.99, heating_scatter=0.053, summer_scatter=0.309),
    RealHome("MA04", balance_c=16.5, base_degrees=0.63, slope_kwh=12.48, heating_scatter=0.056, summer_scatter=0.427),
    RealHome("MA05", balance_c=16.0, base_degrees=1.23, slope_kwh=11.01, heating_scatter=0.063, summer_scatter=0.191),
    RealHome("MA06", balance_c=17.0, base_degrees=1.01, slope_kwh=14.63, heating_scatter=0.092, summer_scatter=0.252),
    RealHome("MA07", balance_c=11.5, base_degrees=1.20, slope_kwh=7.62, heating_scatter=0.137, summer_scatter=0.254),
    RealHome("MA08", balance_c=14.0, base_degrees=1.23, slope_kwh=14.82, heating_scatter=0.043, summer_scatter=0.244),
    RealHome("MA09", balance_c=17.5, base_degrees=1.31, slope_kwh=11.20, heating_scatter=0.070, summer_scatter=0.119),
    RealHome("MA10", balance_c=16.5, base_degrees=1.07, slope_kwh=8.10, heating_scatter=0.240, summer_scatter=0.131),
    RealHome("UK1", balance_c=14.0, base_degrees=2.84, slope_kwh=2.48, heating_scatter=0.160, summer_scatter=0.145),
    RealHome("BE1", balance_c=16.0, base_degrees=0.61, slope_kwh=6.87, heating_scatter=0.121, summer_scatter=0.235),
    RealHome("BE2", balance_c=12.5, base_degrees=0.65, slope_kwh=4.12, heating_scatter=0.407, summer_scatter=0.100),
    RealHome("BE3", balance_c=14.0, base_degrees=0.73, slope_kwh=9.93, heating_scatter=0.260, summer_scatter=0.247),
)
# fmt: on

DAY_LAG_1 = 0.45
"""Correlation of a day's relative residual with the next day's, heating season, of UK1, BE1 and BE2."""

TOWNS_DAY_CORRELATION = 0.92
"""Median over all pairs of towns of the correlation of their daily deviations."""

TOWNS_MONTH_CORRELATION = 0.94
"""Median over all pairs of towns of the correlation of their monthly deviations."""

TOWNS: dict[str, TownNormals] = {
    "Celje": TownNormals(
        mean_c=(1.4, 3.9, 7.0, 11.2, 15.0, 20.8, 22.2, 21.8, 17.1, 12.4, 6.6, 2.5),
        day_scatter_c=(3.1, 3.0, 3.1, 3.3, 2.5, 2.6, 2.5, 2.6, 3.0, 2.5, 3.6, 2.6),
        year_scatter_c=(2.3, 2.3, 1.8, 1.7, 1.5, 1.2, 0.8, 1.2, 1.1, 1.7, 1.2, 0.9),
        lag_1=0.76,
    ),
    "Domžale": TownNormals(
        mean_c=(0.8, 3.2, 6.3, 10.4, 14.4, 20.1, 21.7, 21.3, 16.6, 11.8, 6.2, 1.9),
        day_scatter_c=(2.8, 2.8, 2.9, 3.1, 2.4, 2.5, 2.5, 2.5, 2.9, 2.4, 3.5, 2.4),
        year_scatter_c=(2.0, 2.1, 1.6, 1.6, 1.6, 1.4, 0.9, 1.3, 1.1, 1.7, 1.4, 1.1),
        lag_1=0.77,
    ),
    "Ilirska Bistrica": TownNormals(
        mean_c=(3.0, 4.7, 7.1, 10.8, 14.6, 20.3, 22.0, 22.0, 17.2, 13.0, 7.9, 4.4),
        day_scatter_c=(2.9, 2.9, 2.7, 3.0, 2.3, 2.4, 2.3, 2.5, 2.8, 2.2, 3.4, 2.7),
        year_scatter_c=(1.9, 2.2, 1.5, 1.6, 1.6, 1.4, 1.0, 1.3, 1.1, 1.8, 1.0, 1.2),
        lag_1=0.77,
    ),
    "Kočevje": TownNormals(
        mean_c=(1.1, 3.2, 5.8, 9.7, 13.5, 19.2, 20.9, 20.6, 15.8, 11.5, 6.0, 2.5),
        day_scatter_c=(3.6, 3.2, 3.2, 3.3, 2.6, 2.6, 2.6, 2.7, 3.0, 2.6, 3.8, 3.1),
        year_scatter_c=(2.4, 2.6, 1.6, 1.8, 1.5, 1.2, 0.8, 1.2, 1.2, 1.8, 1.1, 1.1),
        lag_1=0.75,
    ),
    "Koper": TownNormals(
        mean_c=(5.3, 6.8, 9.3, 12.9, 16.9, 22.6, 24.6, 24.6, 19.9, 15.4, 10.7, 7.0),
        day_scatter_c=(2.3, 2.3, 2.3, 2.6, 2.2, 2.2, 2.0, 2.4, 2.6, 1.9, 2.8, 2.1),
        year_scatter_c=(1.7, 1.6, 1.3, 1.4, 1.6, 1.4, 1.0, 1.0, 1.1, 1.5, 0.9, 1.1),
        lag_1=0.77,
    ),
    "Kranj": TownNormals(
        mean_c=(0.4, 2.9, 5.9, 10.0, 13.9, 19.6, 21.1, 20.7, 16.0, 11.4, 5.7, 1.6),
        day_scatter_c=(2.9, 2.7, 2.8, 3.1, 2.4, 2.5, 2.4, 2.5, 2.8, 2.3, 3.5, 2.4),
        year_scatter_c=(2.1, 2.1, 1.7, 1.6, 1.6, 1.4, 1.0, 1.3, 1.1, 1.7, 1.3, 1.0),
        lag_1=0.76,
    ),
    "Kredarica": TownNormals(
        mean_c=(-2.2, -0.5, 1.6, 5.6, 9.3, 15.1, 16.4, 16.5, 12.0, 8.1, 2.6, -0.7),
        day_scatter_c=(3.4, 3.8, 3.6, 3.8, 2.8, 2.7, 2.6, 2.9, 3.2, 3.0, 3.8, 3.5),
        year_scatter_c=(1.9, 2.3, 1.5, 1.8, 1.8, 1.4, 0.8, 1.3, 1.4, 2.0, 1.0, 1.0),
        lag_1=0.75,
    ),
    "Ljubljana": TownNormals(
        mean_c=(0.4, 2.9, 5.9, 10.2, 14.2, 20.1, 21.6, 21.2, 16.4, 11.5, 5.9, 1.5),
        day_scatter_c=(3.1, 2.9, 2.8, 3.1, 2.4, 2.4, 2.4, 2.5, 2.8, 2.4, 3.6, 2.7),
        year_scatter_c=(2.2, 2.1, 1.7, 1.6, 1.5, 1.6, 0.9, 1.3, 1.2, 1.7, 1.3, 1.1),
        lag_1=0.77,
    ),
    "Maribor": TownNormals(
        mean_c=(1.8, 4.3, 7.2, 11.5, 15.2, 20.8, 22.2, 21.9, 17.3, 12.7, 6.6, 2.7),
        day_scatter_c=(2.9, 3.1, 3.4, 3.6, 2.8, 2.7, 2.6, 2.8, 3.1, 2.5, 3.5, 2.5),
        year_scatter_c=(2.1, 2.6, 1.8, 1.9, 1.6, 1.3, 0.7, 1.2, 1.3, 1.6, 0.9, 0.9),
        lag_1=0.74,
    ),
    "Murska Sobota": TownNormals(
        mean_c=(1.1, 3.7, 6.9, 11.5, 15.5, 21.1, 22.4, 22.0, 17.2, 12.3, 6.2, 2.0),
        day_scatter_c=(3.1, 3.1, 3.4, 3.4, 2.6, 2.6, 2.6, 2.6, 3.1, 2.6, 3.6, 2.6),
        year_scatter_c=(2.5, 2.3, 1.8, 1.9, 1.5, 1.4, 0.8, 1.2, 1.1, 1.5, 1.1, 1.0),
        lag_1=0.74,
    ),
    "Nova Gorica": TownNormals(
        mean_c=(4.0, 6.2, 8.9, 12.8, 16.7, 22.2, 24.1, 24.1, 19.3, 14.7, 9.5, 5.5),
        day_scatter_c=(2.3, 2.4, 2.4, 2.8, 2.3, 2.3, 2.2, 2.5, 2.7, 2.0, 3.1, 2.2),
        year_scatter_c=(1.8, 1.4, 1.4, 1.5, 1.7, 1.6, 1.0, 1.4, 1.2, 1.6, 1.0, 1.3),
        lag_1=0.78,
    ),
    "Novo mesto": TownNormals(
        mean_c=(1.9, 4.5, 7.4, 11.6, 15.5, 21.3, 22.9, 22.6, 17.7, 12.9, 7.1, 3.1),
        day_scatter_c=(3.2, 3.1, 3.2, 3.3, 2.5, 2.6, 2.6, 2.7, 3.0, 2.5, 3.6, 2.6),
        year_scatter_c=(2.4, 2.5, 1.7, 1.7, 1.6, 1.3, 0.8, 1.2, 1.2, 1.7, 1.2, 1.0),
        lag_1=0.76,
    ),
    "Postojna": TownNormals(
        mean_c=(0.9, 2.8, 5.4, 9.2, 12.9, 18.8, 20.3, 20.2, 15.5, 11.2, 5.8, 2.3),
        day_scatter_c=(3.2, 3.1, 3.0, 3.2, 2.5, 2.5, 2.4, 2.6, 2.9, 2.5, 3.6, 3.0),
        year_scatter_c=(2.1, 2.5, 1.6, 1.7, 1.6, 1.5, 0.9, 1.3, 1.2, 1.7, 0.9, 1.2),
        lag_1=0.77,
    ),
    "Ptuj": TownNormals(
        mean_c=(1.3, 3.9, 6.9, 11.2, 15.1, 20.8, 22.1, 21.7, 17.0, 12.3, 6.4, 2.2),
        day_scatter_c=(3.2, 3.2, 3.4, 3.5, 2.7, 2.7, 2.6, 2.7, 3.1, 2.7, 3.7, 2.8),
        year_scatter_c=(2.4, 2.6, 1.8, 1.9, 1.5, 1.3, 0.8, 1.2, 1.2, 1.6, 1.1, 1.1),
        lag_1=0.75,
    ),
    "Rateče": TownNormals(
        mean_c=(-2.0, 0.2, 3.4, 7.5, 11.6, 17.3, 18.6, 18.4, 13.8, 9.4, 3.3, -0.7),
        day_scatter_c=(3.2, 3.0, 2.8, 3.2, 2.5, 2.5, 2.3, 2.5, 2.8, 2.5, 3.5, 2.8),
        year_scatter_c=(2.2, 2.2, 1.7, 1.5, 1.5, 1.4, 0.8, 1.0, 1.4, 1.7, 1.0, 1.7),
        lag_1=0.76,
    ),
    "Tolmin": TownNormals(
        mean_c=(3.1, 5.2, 7.9, 11.8, 15.5, 21.1, 22.6, 22.6, 18.0, 13.6, 8.2, 4.5),
        day_scatter_c=(2.5, 2.6, 2.6, 3.0, 2.4, 2.3, 2.2, 2.4, 2.7, 2.2, 3.3, 2.3),
        year_scatter_c=(1.9, 1.9, 1.5, 1.6, 1.6, 1.4, 1.0, 1.3, 1.3, 1.6, 0.9, 1.1),
        lag_1=0.78,
    ),
    "Trbovlje": TownNormals(
        mean_c=(2.1, 4.4, 7.4, 11.3, 15.0, 20.7, 22.2, 21.9, 17.3, 12.9, 7.1, 3.3),
        day_scatter_c=(3.3, 3.3, 3.5, 3.5, 2.7, 2.6, 2.6, 2.8, 3.1, 2.6, 3.7, 2.9),
        year_scatter_c=(2.2, 2.6, 1.8, 1.8, 1.6, 1.3, 0.8, 1.2, 1.2, 1.8, 1.0, 1.2),
        lag_1=0.76,
    ),
    "Velenje": TownNormals(
        mean_c=(0.3, 2.7, 5.8, 10.0, 13.8, 19.5, 20.9, 20.7, 16.0, 11.2, 5.4, 1.3),
        day_scatter_c=(2.7, 2.8, 3.1, 3.3, 2.5, 2.5, 2.5, 2.6, 3.0, 2.4, 3.4, 2.3),
        year_scatter_c=(2.1, 2.3, 1.7, 1.8, 1.6, 1.1, 0.8, 1.2, 1.3, 1.6, 1.2, 0.6),
        lag_1=0.76,
    ),
}
