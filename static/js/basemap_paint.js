/**
 * What of our own basemaps is painted, and in which order.
 * Widths follow the ground: a road is drawn as wide as it is from zoom 17 on, and wider than it is before, so that a child sees it.
 */

import { PALETTES, WIDTHS, widthAt } from "./basemap_palettes.js";
import { outline, shadowSymbolizer, treeSymbolizer, zebraRule } from "./basemap_symbols.js";

/** @typedef {import("./basemap_palettes.js").Look} Look */
/** @typedef {import("./basemap_palettes.js").Palette} Palette */
/** @typedef {{props: Record<string, any>, geomType: number}} Feature */

const MINOR = ["residential", "unclassified", "living_street", "road"];

/** @param {Feature} [f] */
const roadWidth = (/** @type {number} */ z, f) => {
  const detail = String(f?.props.kind_detail ?? "");
  if (f?.props.kind === "highway") return WIDTHS.highway(z);
  if (detail.startsWith("tertiary")) return WIDTHS.tertiary(z);
  if (f?.props.kind === "major_road") return WIDTHS.major(z);
  return detail === "service" ? WIDTHS.service(z) : WIDTHS.minor(z);
};

/** @param {...string} kinds */
export const ofKind =
  (...kinds) =>
  (/** @type {number} */ _z, /** @type {Feature} */ f) =>
    kinds.includes(f.props.kind);

/** @param {Feature} f */
const isStreet = (f) => ["highway", "major_road", "minor_road"].includes(f.props.kind);

/** @param {number} z  @param {Feature} f */
export const shows = (z, f) => z >= Number(f.props.min_zoom ?? 0);

/**
 * @param {any} P     protomaps-leaflet
 * @param {Look} look
 * @returns {any[]} paint rules, bottom first
 */
export function paintRules(P, look) {
  const c = PALETTES[look];
  return [...groundRules(P, c, look), ...waterRules(P, c), ...buildingRules(P, c), ...roadRules(P, c)];
}

/** @param {any} P  @param {Palette} c  @param {Look} look */
function groundRules(P, c, look) {
  /** @type {Record<string, string>} */
  const fills = {
    residential: c.residential,
    forest: c.forest,
    wood: c.forest,
    scrub: c.wetland,
    wetland: c.wetland,
    heath: c.wetland,
    farmland: c.farmland,
    meadow: c.grass,
    grass: c.grass,
    grassland: c.grass,
    park: c.grass,
    garden: c.grass,
    village_green: c.grass,
    golf_course: c.grass,
    nature_reserve: c.forest,
    allotments: c.grass,
    playground: c.playground,
    pitch: c.pitch,
    track: c.pitch,
    school: c.school,
    kindergarten: c.school,
    university: c.school,
    college: c.school,
    hospital: c.school,
    beach: c.beach,
    sand: c.beach,
    industrial: c.industrial,
    commercial: c.industrial,
    retail: c.industrial,
    railway: c.industrial,
    quarry: c.rock,
    bare_rock: c.rock,
    military: c.rock,
    glacier: c.glacier,
    cemetery: c.cemetery,
    pedestrian: c.pedestrian,
    parking: c.pedestrian,
  };
  const low = ["residential", "commercial", "retail", "industrial", "railway"];
  /** @param {boolean} first  @returns {any} */
  const ground = (first) => ({
    dataLayer: "landuse",
    symbolizer: new P.PolygonSymbolizer({
      fill: (/** @type {number} */ _z, /** @type {Feature} */ f) => fills[f.props.kind] ?? c.earth,
      perFeature: true,
    }),
    // Built-up ground below everything that lies in it, whatever the order in the file.
    filter: (/** @type {number} */ _z, /** @type {Feature} */ f) => f.props.kind in fills && low.includes(f.props.kind) === first,
  });
  const rules = [{ dataLayer: "earth", symbolizer: new P.PolygonSymbolizer({ fill: c.earth }) }, ground(true), ground(false)];
  if (look === "child") {
    rules.push({ dataLayer: "landuse", minzoom: 15, symbolizer: treeSymbolizer(c.tree), filter: ofKind("forest", "wood") });
  }
  rules.push({ dataLayer: "landuse", minzoom: 15, symbolizer: outline(c.pitchLine, 1.5), filter: ofKind("pitch", "track") });
  return rules;
}

/** @param {any} P  @param {Palette} c */
function waterRules(P, c) {
  const isArea = (/** @type {Feature} */ f) => f.geomType === 3;
  return [
    {
      dataLayer: "water",
      symbolizer: outline(c.shore, 2.5),
      filter: (/** @type {number} */ z, /** @type {Feature} */ f) => isArea(f) && z >= 12,
    },
    {
      dataLayer: "water",
      symbolizer: new P.PolygonSymbolizer({ fill: c.water }),
      filter: (/** @type {number} */ _z, /** @type {Feature} */ f) => isArea(f),
    },
    {
      dataLayer: "water",
      symbolizer: new P.LineSymbolizer({
        color: c.water,
        width: widthAt([
          [11, 0.8],
          [14, 2],
          [17, 5],
        ]),
        lineCap: "round",
        lineJoin: "round",
      }),
      filter: (/** @type {number} */ z, /** @type {Feature} */ f) => f.geomType === 2 && shows(z, f),
    },
    {
      dataLayer: "landuse",
      symbolizer: new P.PolygonSymbolizer({ fill: c.pier, stroke: c.buildingEdge, width: 0.75 }),
      filter: ofKind("pier", "marina"),
    },
    {
      dataLayer: "boundaries",
      symbolizer: new P.LineSymbolizer({ color: c.boundary, width: 1.25, dash: [7, 3, 2, 3] }),
      filter: (/** @type {number} */ _z, /** @type {Feature} */ f) => f.geomType === 2,
    },
  ];
}

/** @param {any} P  @param {Palette} c */
function buildingRules(P, c) {
  /** @type {Record<string, string>} */
  const fills = {
    school: c.schoolBuilding,
    kindergarten: c.schoolBuilding,
    public: c.publicBuilding,
    church: c.publicBuilding,
    boathouse: c.boathouse,
    industrial: c.industrialBuilding,
    retail: c.publicBuilding,
    shed: c.shed,
    garage: c.shed,
    garages: c.shed,
  };
  const isBuilding = ofKind("building", "building_part");
  return [
    { dataLayer: "buildings", minzoom: 16, symbolizer: shadowSymbolizer(c.shadow), filter: isBuilding },
    {
      dataLayer: "buildings",
      minzoom: 14,
      symbolizer: new P.PolygonSymbolizer({
        fill: (/** @type {number} */ _z, /** @type {Feature} */ f) => fills[f.props.kind_detail] ?? c.building,
        stroke: c.buildingEdge,
        width: (/** @type {number} */ z) => (z >= 16 ? 0.9 : 0),
        perFeature: true,
      }),
      filter: isBuilding,
    },
  ];
}

/** @param {any} P  @param {Palette} c */
function roadRules(P, c) {
  const round = { lineCap: "round", lineJoin: "round" };
  /** @param {number} _z  @param {Feature} [f] */
  const fill = (_z, f) => {
    if (f?.props.kind === "highway") return c.highway;
    if (String(f?.props.kind_detail ?? "").startsWith("tertiary")) return c.tertiary;
    return f?.props.kind === "major_road" ? c.major : c.road;
  };
  /** @param {number} _z  @param {Feature} [f] */
  const edge = (_z, f) =>
    f?.props.kind === "highway" || (f?.props.kind === "major_road" && !String(f.props.kind_detail).startsWith("tertiary"))
      ? c.majorEdge
      : c.roadEdge;
  /** @param {number} z  @param {Feature} [f] */
  const casing = (z, f) => roadWidth(z, f) + (z >= 15 ? 2.5 : z >= 13 ? 1.6 : 0.8);
  /** @param {boolean} big  @param {boolean} bridge */
  const select = (big, bridge) => (/** @type {number} */ z, /** @type {Feature} */ f) =>
    isStreet(f) &&
    shows(z, f) &&
    Boolean(f.props.is_bridge) === bridge &&
    (MINOR.includes(f.props.kind_detail) || f.props.kind_detail === "service") !== big;
  const steps = (/** @type {number} */ z, /** @type {Feature} */ f) =>
    z >= 15 && f.props.kind === "path" && f.props.kind_detail === "steps";
  const paths = (/** @type {number} */ z, /** @type {Feature} */ f) =>
    shows(z, f) && f.props.kind === "path" && !["steps", "crossing", "track"].includes(f.props.kind_detail);
  const tracks = (/** @type {number} */ z, /** @type {Feature} */ f) =>
    shows(z, f) && f.props.kind_detail === "track" && f.props.kind === "path";
  const line = (/** @type {any} */ options, /** @type {any} */ filter, minzoom = 0) => ({
    dataLayer: "roads",
    minzoom,
    symbolizer: new P.LineSymbolizer(options),
    filter,
  });
  return [
    line(
      { color: c.pathHalo, width: (/** @type {number} */ z) => WIDTHS.path(z) + 2.5, ...round },
      (/** @type {number} */ z, /** @type {Feature} */ f) => paths(z, f) || tracks(z, f),
      14,
    ),
    line({ color: c.path, width: WIDTHS.path, dash: [5, 4], lineCap: "butt", lineJoin: "round" }, paths),
    line({ color: c.path, width: WIDTHS.path, dash: [11, 3], lineCap: "butt", lineJoin: "round" }, tracks),
    line({ color: c.rail, width: 1.75 }, (/** @type {number} */ z, /** @type {Feature} */ f) => f.props.kind === "rail" && shows(z, f)),
    line({ color: c.waterInk, width: 1, dash: [6, 5] }, ofKind("ferry")),
    line({ color: edge, width: casing, ...round, perFeature: true }, select(false, false)),
    line({ color: edge, width: casing, ...round, perFeature: true }, select(true, false)),
    line({ color: c.roadEdge, width: (/** @type {number} */ z) => WIDTHS.path(z) * 3, lineCap: "butt" }, steps),
    line({ color: c.path, width: (/** @type {number} */ z) => WIDTHS.path(z) * 2.2, dash: [1.2, 2.2], lineCap: "butt" }, steps),
    line({ color: fill, width: roadWidth, ...round, perFeature: true }, select(false, false)),
    line({ color: fill, width: roadWidth, ...round, perFeature: true }, select(true, false)),
    line(
      { color: edge, width: (/** @type {number} */ z, /** @type {Feature} */ f) => casing(z, f) + 2, perFeature: true, lineCap: "butt" },
      (/** @type {number} */ z, /** @type {Feature} */ f) => select(true, true)(z, f) || select(false, true)(z, f),
      14,
    ),
    line(
      { color: fill, width: roadWidth, perFeature: true, ...round },
      (/** @type {number} */ z, /** @type {Feature} */ f) => select(true, true)(z, f) || select(false, true)(z, f),
    ),
    zebraRule(c),
  ];
}
