"""Invented people, companies and addresses in real post towns, each with the town whose weather is nearest."""

from dataclasses import dataclass
from random import Random

FIRST_NAMES = (
    "Alenka", "Aljaž", "Alojz", "Ana", "Andrej", "Anže", "Barbara", "Bojan", "Boštjan", "Branka", "Ciril", "Cvetka",
    "Damjan", "Darja", "Đorđe", "Đurđica", "Emil", "Franc", "Frančiška", "Gašper", "Helena", "Ivan", "Jasmina", "Jernej",
    "Jožica", "Katja", "Klemen", "Lovro", "Ljudmila", "Majda", "Marija", "Matjaž", "Mirjana", "Nejc", "Nuša", "Peter",
    "Polona", "Rok", "Romana", "Saša", "Silvester", "Slavka", "Stanislav", "Špela", "Štefan", "Tadej", "Tjaša", "Urška",
    "Uroš", "Valerija", "Vinko", "Vlasta", "Zdenka", "Zvonko", "Žan", "Željka", "Žiga",
)  # fmt: skip
SURNAMES = (
    "Babič", "Bizjak", "Blažič", "Božič", "Brumen", "Cvetko", "Čeh", "Čebular", "Čuček", "Ćosić", "Debeljak", "Dolinšek",
    "Drenik", "Đukić", "Ferlež", "Gaberšček", "Golob", "Grčar", "Hočevar", "Ilešič", "Jelovčan", "Jerman", "Kavčič",
    "Kočevar", "Korošec", "Košir", "Kranjčič", "Kurinčič", "Lešnik", "Likar", "Marušič", "Mihelčič", "Mlakar", "Mušič",
    "Nučič", "Oblak", "Ogrinc", "Pavšič", "Perčič", "Petrović", "Planšek", "Podgoršek", "Rožič", "Rupnik", "Smrekar",
    "Stražar", "Suhadolc", "Škrjanc", "Štrukelj", "Šuštar", "Tomažič", "Trček", "Uršič", "Vidmar", "Vončina", "Zajc",
    "Zupančič", "Žagar", "Žibert", "Žnidarčič",
)  # fmt: skip
TRADES = (
    "Gostilna", "Kmetija in sirarna", "Mizarstvo", "Čebelarstvo", "Turistična kmetija", "Pekarna", "Vrtnarija",
    "Avtopralnica", "Penzion", "Sušilnica", "Ključavničarstvo", "Cvetličarna",
)  # fmt: skip
LONG_COMPANIES = (
    "Združenje lastnikov nepremičnin in stanovalcev naselja Zgornje Češnjevo pri Žužemberku za skupno ogrevanje, z. o. o.",
    "Podjetje za predelavo, sušenje in prodajo zdravilnih zelišč Čemaž, Šipek in Žajbelj, d. o. o., v Črnomlju",
    "Društvo za ohranjanje starih sort sadja, čebelarstva in ročnih obrti Đurđevdan – Šmarnica, podružnica Ćirilova",
)
STREETS = (
    "Brezova pot", "Cesta v gaj", "Češnjeva ulica", "Dolnja vas", "Gozdna pot", "Kovaška ulica", "Kratka ulica",
    "Mlinska pot", "Na griču", "Ob progi", "Ob studencu", "Pod lipami", "Pri kapelici", "Sončna ulica", "Šmarnična pot",
    "Šolska pot", "Vrtna ulica", "Za vodo", "Zelena pot", "Žitna pot",
)  # fmt: skip
TOWNS = (
    ("1000", "Ljubljana", "Ljubljana"), ("1360", "Vrhnika", "Ljubljana"), ("1290", "Grosuplje", "Ljubljana"),
    ("1230", "Domžale", "Domžale"), ("1241", "Kamnik", "Domžale"), ("1234", "Mengeš", "Domžale"),
    ("1330", "Kočevje", "Kočevje"), ("1310", "Ribnica", "Kočevje"), ("1380", "Cerknica", "Postojna"),
    ("1420", "Trbovlje", "Trbovlje"), ("1430", "Hrastnik", "Trbovlje"), ("2000", "Maribor", "Maribor"),
    ("2250", "Ptuj", "Ptuj"), ("2270", "Ormož", "Ptuj"), ("3000", "Celje", "Celje"), ("3210", "Slovenske Konjice", "Celje"),
    ("3320", "Velenje", "Velenje"), ("2380", "Slovenj Gradec", "Velenje"), ("4000", "Kranj", "Kranj"),
    ("4220", "Škofja Loka", "Kranj"), ("4280", "Kranjska Gora", "Rateče"), ("5000", "Nova Gorica", "Nova Gorica"),
    ("5220", "Tolmin", "Tolmin"), ("5280", "Idrija", "Tolmin"), ("6000", "Koper", "Koper"), ("6310", "Izola", "Koper"),
    ("6230", "Postojna", "Postojna"), ("6250", "Ilirska Bistrica", "Ilirska Bistrica"),
    ("8000", "Novo mesto", "Novo mesto"), ("8340", "Črnomelj", "Novo mesto"), ("9000", "Murska Sobota", "Murska Sobota"),
    ("9220", "Lendava", "Murska Sobota"),
)  # fmt: skip
TOWNS_OF_OTHER_MUNICIPALITIES = {"Bohinjsko jezero": "Bohinj"}
PLAIN = str.maketrans("čćđšžČĆĐŠŽ", "ccdszCCDSZ")


@dataclass(frozen=True)
class Address:
    street: str
    post_code: str
    town: str
    climate_town: str


def draw_address(random: Random) -> Address:
    post_code, town, climate_town = random.choice(TOWNS)
    return Address(f"{random.choice(STREETS)} {random.randint(1, 88)}", post_code, town, climate_town)


def municipality_of(town: str) -> str:
    return TOWNS_OF_OTHER_MUNICIPALITIES.get(town, town)


def draw_person(random: Random) -> str:
    first = random.choice(FIRST_NAMES)
    surname = random.choice(SURNAMES)
    return f"{first} {surname} {random.choice(SURNAMES)}" if random.random() < 0.06 else f"{first} {surname}"


def draw_company(random: Random) -> str:
    trade, surname = random.choice(TRADES), random.choice(SURNAMES)
    if random.random() < 0.4:
        return f"{trade} {surname}, {random.choice(FIRST_NAMES)} {surname} s. p."
    return f"{trade} {surname}, d. o. o."


def email_of(name: str, payer_number: str) -> str:
    """Return an address at an example domain, its own for every payer."""
    words = name.translate(PLAIN).lower().split()
    return f"{words[0]}.{payer_number}@example.si" if len(words) > 1 else ""
