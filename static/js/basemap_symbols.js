/** Drawings of our own for the map's painter: outlines, shadows, trees, zebras. Each is a paint symbolizer as protomaps-leaflet asks for. */

import { WIDTHS } from "./basemap_palettes.js";

/** @typedef {import("./basemap_palettes.js").Palette} Palette */
/** @typedef {import("./basemap_paint.js").Feature} Feature */
/** @typedef {{x: number, y: number}} Point  pixels */

/**
 * Zebras: the walked line, dashed, as broad as a zebra is deep, and at least as long as the road under it is painted wide.
 * @param {Palette} c
 */
export function zebraRule(c) {
  return {
    dataLayer: "roads",
    minzoom: 16,
    symbolizer: {
      /** @param {CanvasRenderingContext2D} ctx  @param {{x: number, y: number}[][]} geom  @param {number} z */
      draw(ctx, geom, z) {
        const [first, last] = [geom[0][0], geom[0][geom[0].length - 1]];
        const length = Math.hypot(last.x - first.x, last.y - first.y);
        const [x, y] = [(last.x - first.x) / length, (last.y - first.y) / length];
        const half = Math.max(length, WIDTHS.tertiary(z) + 1) / 2;
        const middle = { x: (first.x + last.x) / 2, y: (first.y + last.y) / 2 };
        const stripe = (2 * half) / 9;
        ctx.save();
        ctx.globalAlpha = 1;
        ctx.lineCap = "butt";
        ctx.lineWidth = WIDTHS.zebra(z);
        trace(ctx, [
          [
            { x: middle.x - x * half, y: middle.y - y * half },
            { x: middle.x + x * half, y: middle.y + y * half },
          ],
        ]);
        ctx.strokeStyle = c.zebraGround;
        ctx.stroke();
        ctx.strokeStyle = c.zebra;
        ctx.setLineDash([stripe, stripe]);
        ctx.stroke();
        ctx.restore();
      },
    },
    filter: (/** @type {number} */ _z, /** @type {Feature} */ f) => f.props.kind_detail === "crossing" && f.geomType === 2,
  };
}

/** @param {CanvasRenderingContext2D} ctx  @param {{x: number, y: number}[][]} geom */
function trace(ctx, geom) {
  ctx.beginPath();
  for (const ring of geom) {
    ring.forEach((p, i) => {
      if (i === 0) ctx.moveTo(p.x, p.y);
      else ctx.lineTo(p.x, p.y);
    });
  }
}

/** @param {string} colour  @param {number} width */
export function outline(colour, width) {
  return {
    /** @param {CanvasRenderingContext2D} ctx  @param {{x: number, y: number}[][]} geom */
    draw(ctx, geom) {
      ctx.globalAlpha = 1;
      ctx.strokeStyle = colour;
      ctx.lineWidth = width;
      ctx.lineJoin = "round";
      trace(ctx, geom);
      ctx.stroke();
    },
  };
}

/** @param {string} colour */
export function shadowSymbolizer(colour) {
  return {
    /** @param {CanvasRenderingContext2D} ctx  @param {{x: number, y: number}[][]} geom  @param {number} z */
    draw(ctx, geom, z) {
      const reach = 1.2 * 2 ** (z - 16.5);
      ctx.save();
      ctx.globalAlpha = 1;
      ctx.translate(reach, reach * 1.25);
      ctx.fillStyle = colour;
      trace(ctx, geom);
      ctx.fill();
      ctx.restore();
    },
  };
}

/**
 * A forest one can see is a forest: small round trees in a repeating, uneven pattern.
 * @param {string} colour
 */
export function treeSymbolizer(colour) {
  const size = 256;
  const sharp = 2;
  const sheet = document.createElement("canvas");
  sheet.width = size * sharp;
  sheet.height = size * sharp;
  const pen = /** @type {CanvasRenderingContext2D} */ (sheet.getContext("2d"));
  pen.scale(sharp, sharp);
  pen.fillStyle = colour;
  for (const [x, y, r] of strewn(size)) {
    pen.beginPath();
    pen.arc(x, y, r, 0, 2 * Math.PI);
    pen.arc(x + r * 0.9, y + r * 0.5, r * 0.72, 0, 2 * Math.PI);
    pen.fill();
  }
  return {
    /** @param {CanvasRenderingContext2D} ctx  @param {{x: number, y: number}[][]} geom */
    draw(ctx, geom) {
      const pattern = ctx.createPattern(sheet, "repeat");
      if (pattern) {
        pattern.setTransform(new DOMMatrix().scale(1 / sharp));
        ctx.globalAlpha = 0.75;
        ctx.fillStyle = pattern;
        trace(ctx, geom);
        ctx.fill();
      }
    },
  };
}

/**
 * Trees of the pattern, strewn as a wood is: x, y, radius. Always the same ones; none near the edge, so that the pattern repeats
 * without cut trees.
 * @param {number} size  of the pattern
 * @returns {[number, number, number][]}
 */
function strewn(size) {
  /** @type {[number, number, number][]} */
  const trees = [];
  let state = 20260817;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  for (let i = 0; i < 900; i += 1) {
    const [x, y, radius] = [8 + next() * (size - 18), 8 + next() * (size - 16), 3.2 + next() * 1.8];
    if (trees.every(([a, b]) => Math.hypot(a - x, b - y) > 17)) {
      trees.push([x, y, radius]);
    }
  }
  return trees;
}
