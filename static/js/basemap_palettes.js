/**
 * The colours of our own basemaps in three looks: "child" (warm and clear), "desk" (quiet grey, so that data stands out), "print" (light,
 * for paper), and the widths of what is drawn. No DOM.
 */

/** @typedef {"child" | "desk" | "print"} Look */
/** @typedef {typeof CHILD} Palette */

const CHILD = {
  earth: "#f4f1e6",
  forest: "#cfe6bd",
  tree: "#b3d6a0",
  wetland: "#dcebd6",
  residential: "#faf6ec",
  farmland: "#f7edbd",
  grass: "#c9e6a5",
  pitch: "#a8da86",
  pitchLine: "#ffffff",
  playground: "#d6eeb0",
  school: "#ffe0c9",
  beach: "#fbe9ae",
  industrial: "#e7e2ea",
  cemetery: "#d3e3c9",
  pedestrian: "#f1e4d3",
  rock: "#e9e4da",
  glacier: "#ffffff",
  water: "#a3d7f2",
  shore: "#6fb7de",
  building: "#e6cbaa",
  buildingEdge: "#c8a47c",
  shadow: "rgba(94, 70, 40, 0.22)",
  schoolBuilding: "#e58a6f",
  publicBuilding: "#dfae8c",
  boathouse: "#cf5b45",
  industrialBuilding: "#cfc8d6",
  shed: "#eddcc4",
  pier: "#d8c3a2",
  roadEdge: "#d3c6b1",
  road: "#ffffff",
  tertiary: "#fff3cf",
  major: "#ffd880",
  majorEdge: "#dda446",
  highway: "#ffbe6b",
  path: "#b5743a",
  pathInk: "#7d4a1c",
  pathHalo: "#fffaf0",
  rail: "#8b8680",
  zebra: "#ffffff",
  zebraGround: "#6d6a66",
  ink: "#3a362f",
  halo: "#fffdf6",
  waterInk: "#1c628f",
  waterHalo: "#d5eefb",
  placeInk: "#6b4d7e",
  townInk: "#2d2a26",
  boundary: "#a488b8",
};

/** @type {Palette} */
const DESK = {
  ...CHILD,
  earth: "#f5f5f3",
  forest: "#e6ebe2",
  tree: "#e6ebe2",
  wetland: "#e8edea",
  residential: "#fafaf9",
  farmland: "#f2f1e9",
  grass: "#e4ebdd",
  pitch: "#dce6d3",
  playground: "#e4ebdd",
  school: "#f1eae4",
  beach: "#f3efe0",
  industrial: "#eeedf0",
  cemetery: "#e6eae3",
  pedestrian: "#f0eeeb",
  rock: "#efeeeb",
  water: "#d3e1ea",
  shore: "#b3c8d6",
  building: "#e3e0dc",
  buildingEdge: "#cfcac4",
  shadow: "rgba(0, 0, 0, 0)",
  schoolBuilding: "#d9c3b8",
  publicBuilding: "#dad3cc",
  boathouse: "#e3e0dc",
  industrialBuilding: "#dedce0",
  shed: "#ebe9e6",
  pier: "#dcd8d2",
  roadEdge: "#d6d4d0",
  tertiary: "#ffffff",
  major: "#fdf6e6",
  majorEdge: "#c9bfa9",
  highway: "#f7ead0",
  path: "#a39a90",
  pathInk: "#6f675f",
  pathHalo: "#fafaf9",
  rail: "#b9b6b2",
  ink: "#4c4f54",
  halo: "#ffffff",
  waterInk: "#50748d",
  waterHalo: "#e6eff4",
  placeInk: "#5f6368",
  townInk: "#3c4043",
  boundary: "#b5b0ba",
};

/** @type {Palette} */
const PRINT = {
  ...DESK,
  earth: "#ffffff",
  residential: "#ffffff",
  water: "#cfe3f1",
  forest: "#e9f2e2",
  roadEdge: "#b9b6b0",
  building: "#d9d4cd",
  ink: "#222222",
  townInk: "#111111",
};

/** @type {Record<Look, Palette>} */
export const PALETTES = { child: CHILD, desk: DESK, print: PRINT };

/** Colour of open land between everything that was drawn; also outside the map's edge. */
export const backgroundOf = (/** @type {Look} */ look) => PALETTES[look].earth;

/**
 * Straight lines between stops in a logarithmic scale, because every zoom doubles the map.
 * @param {[number, number][]} stops  [zoom, pixels]
 * @returns {(zoom: number) => number}
 */
export function widthAt(stops) {
  return (zoom) => {
    const [first, last] = [stops[0], stops[stops.length - 1]];
    if (zoom <= first[0]) {
      return first[1];
    }
    if (zoom >= last[0]) {
      return last[1] * 2 ** (zoom - last[0]);
    }
    const i = stops.findIndex(([stop]) => stop >= zoom);
    const [[z0, w0], [z1, w1]] = [stops[i - 1], stops[i]];
    return w0 * (w1 / w0) ** ((zoom - z0) / (z1 - z0));
  };
}

export const WIDTHS = {
  highway: widthAt([
    [8, 1],
    [12, 3],
    [14, 6],
    [17, 20],
  ]),
  major: widthAt([
    [9, 0.8],
    [12, 2.4],
    [14, 5],
    [16, 9.5],
    [17, 15.5],
  ]),
  tertiary: widthAt([
    [11, 0.8],
    [13, 2.4],
    [15, 5.5],
    [16, 8.5],
    [17, 12.5],
  ]),
  minor: widthAt([
    [12, 0.6],
    [14, 2.2],
    [15, 4.2],
    [16, 7],
    [17, 10],
  ]),
  service: widthAt([
    [13, 0.5],
    [15, 2],
    [17, 7],
  ]),
  path: widthAt([
    [13, 0.9],
    [15, 1.4],
    [17, 2.4],
    [18, 3.2],
  ]),
  zebra: widthAt([
    [16, 5],
    [17, 7.5],
  ]),
};
