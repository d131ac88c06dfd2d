/**
 * The small signs of the map: a round badge with a drawing, one for each kind of place.
 * Drawings on a field of 24 × 24. Most are Lucide's (ISC, licence in static/vendor/lucide-static-1.62.0/LICENSE); swing and sledge are ours.
 */

/** @typedef {{colour: string, paths: string[]}} Sign */

const WATER = "#1f6f9f";
const PLAY = "#b4531a";
const GREEN = "#2f7a43";
const CALM = "#5d5a75";
const TRANSPORT = "#2c5f9e";
const SCHOOL = "#b3262e";

/** @type {Record<string, Sign>} */
export const SIGNS = {
  school: {
    colour: SCHOOL,
    paths: [
      "M14 21v-3a2 2 0 0 0-4 0v3",
      "M18 4.933V21",
      "m4 6 7.106-3.79a2 2 0 0 1 1.788 0L20 6",
      "m6 11-3.52 2.147a1 1 0 0 0-.48.854V19a2 2 0 0 0 2 2h16a2 2 0 0 0 2-2v-5a1 1 0 0 0-.48-.853L18 11",
      "M6 4.933V21",
      "M14 9a2 2 0 1 1-4 0 2 2 0 0 1 4 0",
    ],
  },
  playground: { colour: PLAY, paths: ["M2 21 6 4h12l4 17", "M10 4v11", "M14 4v11", "M8.5 15h7"] },
  sledding: { colour: WATER, paths: ["M3 9h13l5 5", "M6 9v7", "M13 9v7", "M2 16h15a5 5 0 0 0 5-5"] },
  pitch: { colour: GREEN, paths: ["M12 13V2l8 4-8 4", "M20.561 10.222a9 9 0 1 1-12.55-5.29", "M8.002 9.997a5 5 0 1 0 8.9 2.02"] },
  sports_hall: {
    colour: GREEN,
    paths: [
      "M11 7a16 16 20 0 1 10.98 4.362",
      "M12 12a13 13 0 0 1-8.66 5",
      "M16.83 13.634a16 16 0 0 1-9.267 7.328",
      "M20.66 17A13 13 0 0 0 12 12a13 13 0 0 1 0-10",
      "M8.17 15.366a16 16 0 0 1-1.713-11.69",
      "M22 12a10 10 0 1 1-20 0 10 10 0 0 1 20 0",
    ],
  },
  swimming_area: { colour: WATER, paths: ["M2 12q2.5 2 5 0t5 0 5 0 5 0", "M2 19q2.5 2 5 0t5 0 5 0 5 0", "M2 5q2.5 2 5 0t5 0 5 0 5 0"] },
  marina: { colour: WATER, paths: ["M12 6v16", "m19 13 2-1a9 9 0 0 1-18 0l2 1", "M9 11h6", "M14 4a2 2 0 1 1-4 0 2 2 0 0 1 4 0"] },
  pier: { colour: WATER, paths: ["M12 6v16", "m19 13 2-1a9 9 0 0 1-18 0l2 1", "M9 11h6", "M14 4a2 2 0 1 1-4 0 2 2 0 0 1 4 0"] },
  library: {
    colour: CALM,
    paths: [
      "M12 5v16",
      "M20.001 19A2 2 0 0022 17V5a2 2 0 00-1.999-2L16 3.002A5 5 0 0012 5a5 5 0 00-4-2H4a2 2 0 00-2 2v12a2 2 0 001.999 2H8a5 5 0 014 2 5 5 0 014-2z",
    ],
  },
  supermarket: {
    colour: CALM,
    paths: [
      "m15 11-1 9",
      "m19 11-4-7",
      "M2 11h20",
      "m3.5 11 1.6 7.4a2 2 0 0 0 2 1.6h9.8a2 2 0 0 0 2-1.6l1.7-7.4",
      "m5 11 4-7",
      "m9 11 1 9",
    ],
  },
  place_of_worship: {
    colour: CALM,
    paths: [
      "M10 9h4",
      "M12 7v5",
      "M14 21v-3a2 2 0 0 0-4 0v3",
      "m18 9 3.52 2.147a1 1 0 0 1 .48.854V19a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2v-6.999a1 1 0 0 1 .48-.854L6 9",
      "M6 21V7a1 1 0 0 1 .376-.782l5-3.999a1 1 0 0 1 1.249.001l5 4A1 1 0 0 1 18 7v14",
    ],
  },
  kindergarten: {
    colour: PLAY,
    paths: [
      "M10 22V7a1 1 0 0 0-1-1H4a2 2 0 0 0-2 2v12a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-5a1 1 0 0 0-1-1H2",
      "M15 2h6a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-6a1 1 0 0 1-1-1V3a1 1 0 0 1 1-1",
    ],
  },
  townhall: {
    colour: CALM,
    paths: [
      "M10 18v-7",
      "M11.119 2.205a2 2 0 0 1 1.762 0l7.84 3.846A.5.5 0 0 1 20.5 7h-17a.5.5 0 0 1-.22-.949z",
      "M14 18v-7",
      "M18 18v-7",
      "M3 22h18",
      "M6 18v-7",
    ],
  },
  viewpoint: { colour: GREEN, paths: ["m8 3 4 8 5-5 5 15H2L8 3z"] },
  hospital: { colour: SCHOOL, paths: ["M12 4v16", "M4 12h16"] },
  bus_stop: {
    colour: TRANSPORT,
    paths: [
      "M8 6v6",
      "M15 6v6",
      "M2 12h19.6",
      "M18 18h3s.5-1.7.8-2.8c.1-.4.2-.8.2-1.2 0-.4-.1-.8-.2-1.2l-1.4-5C20.1 6.8 19.1 6 18 6H4a2 2 0 0 0-2 2v10h3",
      "M9 18a2 2 0 1 1-4 0 2 2 0 0 1 4 0",
      "M9 18h5",
      "M18 18a2 2 0 1 1-4 0 2 2 0 0 1 4 0",
    ],
  },
  station: {
    colour: TRANSPORT,
    paths: [
      "M8 3.1V7a4 4 0 0 0 8 0V3.1",
      "m9 15-1-1",
      "m15 15 1-1",
      "M9 19c-2.8 0-5-2.2-5-5v-4a8 8 0 0 1 16 0v4c0 2.8-2.2 5-5 5Z",
      "m8 19-2 3",
      "m16 19 2 3",
    ],
  },
};

const RADIUS = 11;

/**
 * One drawing of several strokes. Joined as text, a stroke that begins with a relative "m" would begin where the one before it ended.
 * @param {string[]} paths
 */
function joined(paths) {
  const whole = new Path2D();
  for (const path of paths) {
    whole.addPath(new Path2D(path));
  }
  return whole;
}

/**
 * Draws signs with their names beside or below them: a label symbolizer as protomaps-leaflet asks for.
 * @param {{size: number, font: string, grey: boolean, ink: string, halo: string, nameFrom: (kind: string) => number}} options
 */
export function signSymbolizer(options) {
  const drawings = new Map(Object.entries(SIGNS).map(([kind, sign]) => [kind, joined(sign.paths)]));
  const radius = RADIUS * options.size;
  return {
    /**
     * @param {{zoom: number, scratch: CanvasRenderingContext2D}} layout
     * @param {{x: number, y: number}[][]} geom
     * @param {{props: Record<string, any>}} feature
     */
    place(layout, geom, feature) {
      const kind = String(feature.props.kind);
      const drawing = drawings.get(kind);
      if (!drawing || !geom[0]?.[0]) {
        return undefined;
      }
      const anchor = geom[0][0];
      const name = layout.zoom >= options.nameFrom(kind) ? String(feature.props.name ?? "") : "";
      layout.scratch.font = options.font;
      const lines = broken(name, 16);
      const width = Math.max(0, ...lines.map((line) => layout.scratch.measureText(line).width));
      const half = Math.max(radius, width / 2) + 3;
      const box = {
        minX: anchor.x - half,
        minY: anchor.y - radius - 2,
        maxX: anchor.x + half,
        maxY: anchor.y + radius + 2 + lines.length * 15,
      };
      const colour = options.grey ? "#5f6368" : SIGNS[kind].colour;
      /** @param {CanvasRenderingContext2D} ctx */
      const draw = (ctx) => {
        drawBadge(ctx, drawing, colour, radius);
        drawName(ctx, lines, radius, options);
      };
      return [{ anchor, bboxes: [box], draw, deduplicationKey: `${kind}:${name}`, deduplicationDistance: 60 }];
    },
  };
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Path2D} drawing
 * @param {string} colour
 * @param {number} radius
 */
function drawBadge(ctx, drawing, colour, radius) {
  ctx.globalAlpha = 1;
  ctx.beginPath();
  ctx.arc(0, 0, radius, 0, 2 * Math.PI);
  ctx.fillStyle = colour;
  ctx.fill();
  ctx.lineWidth = 1.75;
  ctx.strokeStyle = "#fff";
  ctx.stroke();
  ctx.save();
  const scale = (radius * 1.16) / 24;
  ctx.scale(scale, scale);
  ctx.translate(-12, -12);
  ctx.lineWidth = 2.5;
  ctx.lineCap = "round";
  ctx.lineJoin = "round";
  ctx.stroke(drawing);
  ctx.restore();
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {string[]} lines
 * @param {number} radius
 * @param {{font: string, ink: string, halo: string}} options
 */
function drawName(ctx, lines, radius, options) {
  ctx.font = options.font;
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  ctx.lineJoin = "round";
  ctx.lineWidth = 3.5;
  ctx.strokeStyle = options.halo;
  ctx.fillStyle = options.ink;
  lines.forEach((line, i) => {
    ctx.strokeText(line, 0, radius + 3 + i * 15);
    ctx.fillText(line, 0, radius + 3 + i * 15);
  });
  ctx.textAlign = "start";
  ctx.textBaseline = "alphabetic";
}

/**
 * A name in lines of at most so many letters, broken at spaces.
 * @param {string} name
 * @param {number} most
 * @returns {string[]}
 */
export function broken(name, most) {
  /** @type {string[]} */
  const lines = [];
  for (const word of name.split(" ").filter(Boolean)) {
    const last = lines[lines.length - 1];
    if (last !== undefined && last.length + word.length < most) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines;
}
