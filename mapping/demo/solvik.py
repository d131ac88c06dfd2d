"""Solvik: the demo's small Norwegian coastal town, which lies in open sea so that it can be mistaken for no real place."""

from __future__ import annotations

from mapping.demo.plan import District, Hill, Road, SchoolSite, Spot, TownPlan, points, words

ROADS = (
    Road(
        "Fjordvegen",
        "main",
        points(
            "-5200,2150 -3800,1960 -2800,1500 -1900,1400 -1100,1120 -400,1190 100,1010 480,1090 800,1230 1080,1330 1330,1440 "
            "1560,1500 1760,1480 1930,1400 2060,1240 2090,1030 2060,800 2130,520 2230,200 2230,-100 2080,-380 2200,-700 2900,-1250 "
            "3900,-1700 5200,-2400 8800,-3100"
        ),
    ),
    Road(
        "Dalsvegen", "main", points("1760,1480 1880,1640 2130,1860 2450,2090 2800,2330 3250,2640 3800,2980 4900,3600 6500,4500 8800,5900")
    ),
    Road("Åsvegen", "collector", points("800,1230 730,1430 790,1660 960,1870 1230,2010 1520,2040 1790,1930 2010,1755")),
    Road("Skolevegen", "collector", points("1330,1440 1300,1600 1330,1780 1420,1900 1520,2040")),
    Road("Elvevegen", "collector", points("2060,1240 2210,1360 2400,1560 2640,1770 2880,1960 3120,2080 3330,2230 3330,2420 3250,2640")),
    Road("Vardevegen", "collector", points("2090,1030 2300,1000 2520,1050 2720,1190 2840,1390 2800,1590 2640,1770")),
    Road("Nesvegen", "collector", points("2130,520 1980,470 1800,440 1600,370 1420,330 1330,270")),
    Road("Strandgata", "residential", points("1330,1440 1420,1340 1560,1330 1700,1340 1790,1390 1760,1480")),
    Road("Kaigata", "residential", points("1560,1500 1570,1420 1560,1330 1530,1280")),
    Road("Bruvegen", "residential", points("2450,2090 2520,1960 2640,1770")),
    Road("Setervegen", "track", points("1230,2010 1190,2230 1020,2420 900,2700 650,2900 500,3300")),
    Road("Vardestien", "path", points("2840,1390 2980,1240 3010,1060 3140,900 3220,690 3300,520")),
    Road("Strandpromenaden", "path", points("480,1090 640,1040 860,1100 1050,1180 1250,1260 1420,1340")),
    Road("Elvestien", "path", points("1930,1400 2080,1570 2300,1740 2520,1960 2800,2140 3050,2330 3250,2640")),
    Road("Skogstien", "path", points("960,1870 900,2080 980,2260 1190,2230 1420,2250 1640,2150 1790,1930")),
    Road("Neset rundt", "path", points("1330,270 1220,340 1300,450 1440,520 1640,585 1830,640 1960,710 2060,800")),
)

DISTRICTS = (
    District(
        "Sentrum",
        points("1150,1290 1500,1270 1800,1330 1960,1420 1960,1600 1850,1720 1640,1680 1420,1620 1250,1560"),
        spacing_m=58,
        frontage_m=18,
        house_m=(16, 12),
        setback_m=2.5,
        grid_angle=-4.0,
        block=1.25,
        cut=0.1,
        fill=0.95,
        floors=3,
        names=words(
            "Storgata Torggata Sjøgata Skippergata Bakkegata Kirkegata Smedgata Reperbanegata Naustgata Tollbugata Prestegata "
            "Nygata Tverrgata"
        ),
    ),
    District(
        "Solbakken",
        points("1250,1560 1420,1620 1640,1680 1850,1720 2030,1780 1820,1990 1520,2080 1340,1990 1260,1780"),
        spacing_m=64,
        frontage_m=15,
        house_m=(10, 8.5),
        setback_m=4.5,
        cut=0.3,
        fill=0.97,
        names=words(
            "Solbakken Granlia Bjørkelia Oreflata Rognebakken Hasselgjerdet Seljevegen Ospelia Lindebakken Heggevegen Almebakken "
            "Hagegata Barlindvegen Einervegen"
        ),
    ),
    District(
        "Åsmarka",
        points("330,1130 780,1250 1130,1370 1250,1560 1270,1800 1340,2010 1230,2130 950,2010 640,1840 420,1560"),
        spacing_m=92,
        frontage_m=32,
        house_m=(12.5, 9),
        block=1.9,
        cut=0.5,
        fill=0.76,
        names=words(
            "Tiurvegen Orrhanevegen Rypestien Gaukevegen Spettvegen Kråkevegen Trastevegen Erlevegen Meisevegen Svalevegen "
            "Lerkevegen Uglevegen Haukevegen Falkevegen Ørnevegen Finkevegen Lappspurvvegen Sisikvegen"
        ),
    ),
    District(
        "Elvebakken",
        points("2060,1290 2260,1330 2500,1560 2760,1790 3060,1980 3400,2120 3440,2330 3330,2600 3080,2320 2700,2060 2350,1760 2110,1520"),
        spacing_m=88,
        frontage_m=32,
        house_m=(12.5, 9),
        block=1.9,
        fill=0.76,
        names=words("Aurevegen Laksevegen Røyevegen Ålevegen Øyrane Kvernhusvegen Fossevegen Hølen Stryket Bekkevegen Flomvegen Damvegen"),
    ),
    District(
        "Dalen",
        points("2080,1830 2230,1870 2620,2150 3000,2420 3240,2600 3080,2760 2700,2560 2330,2330 2080,2080"),
        spacing_m=94,
        frontage_m=33,
        house_m=(12.5, 9),
        block=1.9,
        cut=0.5,
        fill=0.76,
        names=words(
            "Åkervegen Engavegen Kløvervegen Timotei Bygghaugen Havrevegen Rugvegen Låvevegen Stabbursvegen Gjerdevegen Slåttevegen "
            "Høyvegen"
        ),
    ),
    District(
        "Vardelia",
        points("2120,840 2300,880 2560,930 2820,1080 2960,1320 2960,1560 2800,1740 2640,1720 2480,1520 2250,1290 2110,1200"),
        spacing_m=90,
        frontage_m=32,
        house_m=(12.5, 9),
        block=1.9,
        cut=0.5,
        fill=0.76,
        names=words(
            "Blåbærvegen Tyttebærlia Bringebærvegen Multebakken Bjørnebærvegen Krekling Markjordbærvegen Ripsvegen Solbærvegen "
            "Stikkelsbærvegen Rosevegen Lyngvegen Røsslyngen Mosevegen Bregnevegen Hvitveisvegen Smørblomstvegen"
        ),
    ),
    District(
        "Neset",
        points("1400,190 1700,200 1960,190 2130,250 2190,160 2320,230 2320,560 2200,760 2090,720 1900,630 1650,560 1430,480"),
        spacing_m=88,
        frontage_m=33,
        house_m=(12.5, 9),
        block=1.9,
        cut=0.55,
        fill=0.76,
        names=words(
            "Måsevegen Ternevegen Skarvevegen Tjeldvegen Ærfuglvegen Lundevegen Alkevegen Teistevegen Havsulevegen Tangen "
            "Taresvingen Skjelvegen"
        ),
    ),
    District(
        "Vågen",
        points("2090,-470 2120,-420 2260,-100 2260,60 2390,60 2420,-150 2300,-430 2180,-540"),
        spacing_m=90,
        frontage_m=35,
        house_m=(12.5, 9),
        block=1.9,
        cut=0.5,
        fill=0.7,
        names=words("Naustvegen Krabbevegen Reketangen Hummervegen Torskevegen Seivegen Makrellsvingen Sildevegen"),
    ),
)

SPOTS = (
    Spot("pitch", "Solvik stadion", (2400, 1290), (105, 68), 0.8),
    Spot("pitch", "Åsmarka ballbane", (900, 1480), (52, 32), 0.35),
    Spot("playground", "Trollskogen lekeplass", (1190, 1520), (34, 26)),
    Spot("playground", "Bryggeparken lekeplass", (1330, 1310), (26, 22)),
    Spot("playground", "Elvebakken lekeplass", (2760, 1880), (30, 24)),
    Spot("playground", "Blåbærvegen lekeplass", (2620, 1240), (28, 22)),
    Spot("playground", "Dalen lekeplass", (2500, 2260), (28, 24)),
    Spot("playground", "Nesparken", (1760, 520), (30, 22)),
    Spot("park", "Bryggeparken", (1290, 1330), (120, 60), 0.4),
    Spot("park", "Elveparken", (1995, 1560), (110, 55), 0.75),
    Spot("cemetery", "Solvik kirkegård", (1560, 1625), (80, 60), 0.1),
    Spot("place_of_worship", "Solvik kirke", (1510, 1590), (26, 12), 0.1),
    Spot("library", "Solvik bibliotek", (1440, 1420), (30, 18), 0.4),
    Spot("supermarket", "Kystmat", (1700, 1560), (44, 30), 0.1),
    Spot("supermarket", "Dalsbutikken", (2170, 1850), (36, 24), 0.7),
    Spot("kindergarten", "Solbakken barnehage", (1560, 1830), (30, 16), 0.2),
    Spot("kindergarten", "Vardelia barnehage", (2700, 1420), (30, 16), 1.0),
    Spot("townhall", "Solvik rådhus", (1620, 1440), (36, 22)),
    Spot("sports_hall", "Solvikhallen", (2480, 1390), (52, 34), 0.8),
    Spot("swimming_area", "Nesstranda", (1500, 575), (60, 18), 0.3),
    Spot("swimming_area", "Badeviki", (640, 930), (50, 16), 0.4),
    Spot("pier", "Solvik kai", (1560, 1245), (26, 92), 0.05),
    Spot("pier", "Ferjekaia", (1720, 1275), (90, 16), 0.1),
    Spot("marina", "Småbåthamna", (1330, 1120), (8, 96), 0.35),
    Spot("boathouses", "Nausta", (1130, 1150), (150, 10)),
    Spot("boathouses", "Vågen naust", (2010, -120), (170, 10)),
    Spot("industrial", "Vågen industriområde", (1960, -420), (150, 90), 0.95),
    Spot("viewpoint", "Varden", (3300, 520)),
    Spot("sledding", "Akebakken", (1140, 1960), (40, 70), 0.3),
)

SOLVIK = TownPlan(
    name="Solvik",
    seed=20260817,
    origin=(210000.0, 6800000.0),
    area=(200.0, -600.0, 3600.0, 2900.0),
    region=(-5000.0, -4200.0, 8600.0, 7400.0),
    roads=ROADS,
    districts=DISTRICTS,
    spots=SPOTS,
    schools=(
        SchoolSite("barneskole", "Solvik barneskole", (1020, 1620), (1, 7), 0.35),
        SchoolSite("ungdomsskole", "Solvik ungdomsskole", (2590, 1440), (8, 10), 0.8),
    ),
    sea=(
        points(
            "-5600,1900 -3800,1700 -2800,1250 -1900,1150 -1100,860 -400,950 100,760 480,850 800,960 1080,1080 1330,1190 1530,1255 "
            "1740,1270 1900,1200 1990,1060 1950,860 1980,760 1850,700 1640,640 1400,560 1190,430 1120,290 1230,150 1460,120 "
            "1720,150 1960,120 2080,20 2060,-110 1890,-320 1760,-620 1500,-900 900,-1100 200,-1000 -800,-920 -1800,-1150 "
            "-2800,-1000 -3800,-1250 -5600,-1150"
        ),
    ),
    islands=(
        ((560, 560), 95),
        ((700, 450), 38),
        ((-350, 250), 170),
        ((930, -420), 70),
        ((-1700, -100), 260),
        ((1560, 900), 34),
        ((1620, 960), 16),
        ((-2900, 500), 150),
        ((160, -380), 45),
    ),
    river=points(
        "8800,5200 7000,4300 5400,3300 4400,2780 3760,2560 3340,2380 3060,2190 2740,2000 2430,1800 2170,1560 2010,1400 1900,1290 1830,1210"
    ),
    river_name="Solelva",
    lakes=(((620, 3300), 190, "Setervatnet"), ((3000, 330), 60, "Vardetjørna"), ((-1500, 2300), 130, "Langevatnet")),
    hills=(
        Hill("Solåsen", (700, 2760), 230, 620),
        Hill("Varden", (3330, 480), 290, 560),
        Hill("Håheia", (2200, 3600), 320, 900),
        Hill("Vardfjellet", (4700, 700), 520, 1300),
        Hill("Vestfjellet", (-1900, 2900), 420, 1100),
        Hill("Storenuten", (6800, 6300), 700, 1800),
        Hill("Sørfjellet", (-900, -2600), 480, 1200),
        Hill("Trollhaugen", (1180, 1690), 22, 90),
    ),
    farmland=(
        points("3300,2750 3900,2700 4900,3250 6300,4150 6100,4700 4700,3900 3700,3300 3150,2850"),
        points("3500,1900 3800,2400 4400,2650 5200,3000 5500,2800 4600,2200 3900,1800"),
        points("-1900,1500 -1000,1250 -300,1280 200,1150 380,1450 200,1650 -600,1600 -1700,1800"),
        points("2400,-700 3000,-1150 3500,-1200 3200,-700 2700,-400"),
    ),
    farm_names=(
        "Solvik gård",
        "Dale",
        "Nedre Dale",
        "Øvre Dale",
        "Haugen",
        "Åkre",
        "Lunde",
        "Bø",
        "Tveit",
        "Sande",
        "Vike",
        "Hauge",
        "Rinde",
        "Moen",
        "Eide",
        "Nes",
    ),
    woods=0.62,
    water_names=(
        ("Solvikfjorden", (150, 100), "fjord"),
        ("Solvika", (1700, 1020), "bay"),
        ("Vågen", (1900, -60), "bay"),
        ("Solvikfjorden", (-2300, 100), "fjord"),
    ),
    plan_area=points("2210,1870 2380,1980 2470,2090 2340,2230 2140,2120 2100,1960"),
)
