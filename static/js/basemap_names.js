/**
 * Street names that follow their street round a bend, letter by letter: a label symbolizer as protomaps-leaflet asks for.
 * Its own writes along straight lines only, and the streets of a hillside town have few of those.
 */

/** @typedef {{x: number, y: number}} Point  pixels */
/** @typedef {Point & {clone: () => Point}} Own  a point of the tile library */
/** @typedef {{x: number, y: number, angle: number}} Place */

/** More than this in all, or within one letter, and a name reads like a roller coaster. Radians. */
const MOST_TURN = 1.3;
const MOST_TURN_A_LETTER = 0.42;

/**
 * A line as the distances to its positions.
 * @param {Point[]} line
 * @returns {number[]}
 */
export function distances(line) {
  const sums = [0];
  for (let i = 1; i < line.length; i += 1) {
    sums.push(sums[i - 1] + Math.hypot(line[i].x - line[i - 1].x, line[i].y - line[i - 1].y));
  }
  return sums;
}

/**
 * Where one is after a distance along a line, and which way it goes there.
 * @param {Point[]} line  at least two positions
 * @param {number[]} sums  distances(line)
 * @param {number} distance
 * @returns {Place}
 */
export function placeAlong(line, sums, distance) {
  let i = 1;
  while (i < line.length - 1 && sums[i] < distance) {
    i += 1;
  }
  const [a, b] = [line[i - 1], line[i]];
  const t = (distance - sums[i - 1]) / Math.max(sums[i] - sums[i - 1], 1e-6);
  return { x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t, angle: Math.atan2(b.y - a.y, b.x - a.x) };
}

/**
 * Where each letter stands when a name is written along a line from a distance on, never upside down.
 * @param {Point[]} line
 * @param {number[]} sums
 * @param {number} start
 * @param {number[]} middles  from the name's beginning to the middle of each letter
 * @param {number} width      of the whole name
 * @returns {Place[] | null}  null where the line bends too much to read
 */
export function lettersAlong(line, sums, start, middles, width) {
  const first = placeAlong(line, sums, start);
  const last = placeAlong(line, sums, start + width);
  const backwards = last.x < first.x;
  const places = middles.map((middle) => placeAlong(line, sums, backwards ? start + width - middle : start + middle));
  let turned = 0;
  for (let i = 1; i < places.length; i += 1) {
    const bend = Math.abs(difference(places[i].angle, places[i - 1].angle));
    turned += bend;
    if (bend > MOST_TURN_A_LETTER || turned > MOST_TURN) {
      return null;
    }
  }
  return backwards ? places.map((place) => ({ ...place, angle: place.angle + Math.PI })) : places;
}

/** @param {number} a  @param {number} b */
function difference(a, b) {
  return Math.atan2(Math.sin(a - b), Math.cos(a - b));
}

/**
 * @param {{font: (zoom: number) => string, ink: string, halo: string, repeat: number}} options
 */
export function nameSymbolizer(options) {
  return {
    /**
     * @param {{zoom: number, scratch: CanvasRenderingContext2D}} layout
     * @param {Own[][]} geom
     * @param {{props: Record<string, any>}} feature
     */
    place(layout, geom, feature) {
      const name = String(feature.props.name ?? "");
      if (!name) {
        return undefined;
      }
      const font = options.font(layout.zoom);
      layout.scratch.font = font;
      const text = measured(layout.scratch, name);
      const labels = geom.flatMap((line) => alongOne(line, text, options.repeat));
      return labels.map(({ anchor, places }) => ({
        anchor,
        bboxes: places
          .filter((_, i) => i % 2 === 0 || i === places.length - 1)
          .map(({ x, y }) => ({ minX: x - 8, minY: y - 8, maxX: x + 8, maxY: y + 8 })),
        draw: (/** @type {CanvasRenderingContext2D} */ ctx) => write(ctx, [...name], places, anchor, font, options),
        deduplicationKey: name,
        deduplicationDistance: options.repeat,
      }));
    },
  };
}

/**
 * @param {CanvasRenderingContext2D} scratch
 * @param {string} name
 */
function measured(scratch, name) {
  const letters = [...name];
  // The width of the beginning of the name, not of single letters: "Ve" is narrower than "V" and "e".
  const ends = letters.map((_, i) => scratch.measureText(letters.slice(0, i + 1).join("")).width);
  return { width: ends[ends.length - 1], middles: ends.map((end, i) => (end + (ends[i - 1] ?? 0)) / 2) };
}

/**
 * The places on one line where the name fits: in its middle, and again at every repeat.
 * @param {Own[]} line
 * @param {{width: number, middles: number[]}} text
 * @param {number} repeat
 * @returns {{anchor: Point, places: Place[]}[]}
 */
function alongOne(line, text, repeat) {
  const room = 10;
  const sums = distances(line);
  const free = sums[sums.length - 1] - text.width - 2 * room;
  if (line.length < 2 || free < 0) {
    return [];
  }
  const found = [];
  const times = Math.max(1, Math.floor(free / repeat));
  for (let k = 0; k < times; k += 1) {
    const wish = room + (free * (k + 0.5)) / times;
    // A little to either side of the wish where the street bends just there.
    for (const shift of [0, -30, 30, -60, 60, -100, 100]) {
      const start = wish + shift;
      const places = start >= room && start <= free + room ? lettersAlong(line, sums, start, text.middles, text.width) : null;
      if (places) {
        const middle = places[Math.floor(places.length / 2)];
        // The labeller asks its anchors how far apart they are, so they must be points of its own kind.
        found.push({ anchor: Object.assign(line[0].clone(), { x: middle.x, y: middle.y }), places });
        break;
      }
    }
  }
  return found;
}

/**
 * @param {CanvasRenderingContext2D} ctx  its origin at the anchor
 * @param {string[]} letters
 * @param {Place[]} places
 * @param {Point} anchor
 * @param {string} font
 * @param {{ink: string, halo: string}} options
 */
function write(ctx, letters, places, anchor, font, options) {
  ctx.globalAlpha = 1;
  ctx.font = font;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";
  ctx.lineWidth = 3.5;
  ctx.strokeStyle = options.halo;
  ctx.fillStyle = options.ink;
  // All halos before all letters, or each letter's halo would eat the one before it.
  for (const paint of /** @type {const} */ (["strokeText", "fillText"])) {
    letters.forEach((letter, i) => {
      ctx.save();
      ctx.translate(places[i].x - anchor.x, places[i].y - anchor.y);
      ctx.rotate(places[i].angle);
      ctx[paint](letter, 0, 0.5);
      ctx.restore();
    });
  }
  ctx.textAlign = "start";
  ctx.textBaseline = "alphabetic";
}
