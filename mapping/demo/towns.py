"""Four more towns by the same generator, one for each way of living that the privacy attacks are tried in."""

from __future__ import annotations

from mapping.demo.plan import District, Hill, Road, SchoolSite, Spot, TownPlan, points, words

_SQUARE = points("0,0 1400,0 1400,1400 0,1400")
_ROADS = (
    Road("Hovedvegen", "main", points("-900,640 0,700 500,760 900,720 1400,650 2300,600")),
    Road("Tverrvegen", "collector", points("700,740 720,1050 680,1400")),
    Road("Søndre veg", "collector", points("700,740 740,400 700,0")),
)
_SPOTS = (
    Spot("playground", "Nordre lekeplass", (420, 1020), (28, 24)),
    Spot("playground", "Søndre lekeplass", (1000, 380), (28, 24)),
    Spot("pitch", "Løkka", (980, 1010), (60, 40), 0.1),
    Spot("supermarket", "Butikken", (820, 640), (36, 24), 0.1),
    Spot("park", "Parken", (330, 560), (90, 60), 0.2),
)
_NAMES = words(
    "Askevegen Bjerkvegen Dueveien Einervegen Furuvegen Granvegen Hasselvegen Industrigata Jernbanegata Kirkegata Lindevegen Møllevegen "
    "Nygata Osloveien Parkvegen Rognvegen Skolegata Torggata Ulvevegen Vinkelvegen Øvregata Åsgata Alléen Brugata Dalgata Eikevegen "
    "Fjellgata Gartnerveien Havnegata Idrettsvegen Kornvegen Liavegen Myrvegen Nordgata Orrevegen Pilestredet Rosevegen Solvegen Tunvegen"
)
_SCHOOL = SchoolSite("barneskole", "Byens barneskole", (1010, 830), (1, 7), 0.2)


def _plan(name: str, seed: int, districts: tuple[District, ...], **more: object) -> TownPlan:
    settings: dict[str, object] = {
        "origin": (200_000.0, 6_700_000.0 + 20_000.0 * seed),
        "area": (0.0, 0.0, 1400.0, 1400.0),
        "region": (-900.0, -900.0, 2300.0, 2300.0),
        "roads": _ROADS,
        "schools": (_SCHOOL,),
        "spots": _SPOTS,
        "woods": 0.4,
        "hills": (Hill("Åsen", (250, 1700), 120, 500),),
    }
    return TownPlan(name=name, seed=seed, districts=districts, **{**settings, **more})  # type: ignore[arg-type]  # fields of the plan by name


DENSE = _plan(
    "Tettby",
    1,
    (District("Kvartalene", _SQUARE, 58, 13, (12, 11), 3.0, 3.0, 1.3, 0.08, 0.98, _NAMES, 3),),
)
"""A house every 13 m along streets 58 m apart: some 60 addresses in a hectare's surroundings."""

SUBURB = _plan(
    "Forby",
    2,
    (District("Villastrøket", _SQUARE, 84, 24, (12, 9), 7.0, None, 1.75, 0.45, 0.94, _NAMES),),
)
"""Detached houses on plots of 24 m."""

VILLAGE = _plan(
    "Bygdeby",
    3,
    (
        District(
            "Tettstedet", points("420,480 980,470 1180,700 1120,960 760,1050 480,940"), 90, 30, (12, 9), 7.0, None, 1.9, 0.4, 0.85, _NAMES
        ),
    ),
    farms_every_m=140.0,
)
"""A cluster of houses along the main road, and farms."""

FARM_COUNTRY = _plan(
    "Gardsland",
    4,
    (),
    area=(-700.0, -700.0, 2100.0, 2100.0),
    region=(-1500.0, -1500.0, 2900.0, 2900.0),
    roads=(
        Road("Hovedvegen", "main", points("-1500,640 -700,600 0,700 500,760 900,720 1400,650 2100,600 2900,560")),
        Road("Øvre bygdevei", "residential", points("-100,700 -50,1100 300,1400 700,1500 1100,1450 1500,1300 1650,1000 1600,640")),
        Road("Nedre bygdevei", "residential", points("100,710 200,300 500,-100 900,-250 1300,-100 1500,250 1450,650")),
        Road("Nordvegen", "residential", points("700,1500 760,1800 700,2100")),
        Road("Sørvegen", "residential", points("900,-250 860,-500 900,-700")),
    ),
    spots=(Spot("playground", "Bygdeparken", (880, 820), (28, 24)), Spot("pitch", "Idrettsplassen", (700, 660), (60, 40), 0.1)),
    farmland=(points("-600,750 -100,800 100,1200 -200,1500 -600,1300"), points("300,900 900,1000 1300,1100 1000,1350 500,1350")),
    farms_every_m=95.0,
)
"""Farms some hundred metres apart, and a school where the roads meet."""

TOWNS = {"dense": DENSE, "suburb": SUBURB, "village": VILLAGE, "farm": FARM_COUNTRY}
"""The four towns by the names of docs/privacy.md."""
