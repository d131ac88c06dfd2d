/** Which names and signs our own basemaps carry, the most important first. */

import { nameSymbolizer } from "./basemap_names.js";
import { ofKind, shows } from "./basemap_paint.js";
import { PALETTES } from "./basemap_palettes.js";
import { signSymbolizer } from "./basemap_signs.js";

/** @typedef {import("./basemap_palettes.js").Look} Look */
/** @typedef {import("./basemap_paint.js").Feature} Feature */

/**
 * @param {any} P     protomaps-leaflet
 * @param {Look} look
 * @param {string} family  CSS font family
 * @returns {any[]} label rules, the most important first
 */
export function labelRules(P, look, family) {
  const c = PALETTES[look];
  const child = look === "child";
  const font = (/** @type {number} */ px, weight = 600) => `${weight} ${px}px ${family}`;
  const text = (/** @type {string} */ px, /** @type {any} */ more) => ({
    labelProps: ["name"],
    font: px,
    fill: c.ink,
    stroke: c.halo,
    width: 3.5,
    ...more,
  });
  const line = (/** @type {any} */ more) => nameSymbolizer({ font: streetName, ink: c.ink, halo: c.halo, repeat: 330, ...more });
  const streetName = (/** @type {number} */ z) => font(z >= 17 ? 14 : 12.5);
  const point = (/** @type {Feature} */ f) => f.geomType === 1;
  return [
    {
      dataLayer: "places",
      maxzoom: 15,
      symbolizer: new P.CenteredTextSymbolizer(text(font(child ? 20 : 18, 800), { fill: c.townInk, width: 4 })),
      filter: ofKind("locality"),
    },
    {
      dataLayer: "pois",
      minzoom: 13,
      symbolizer: signSymbolizer({
        size: child ? 1 : 0.8,
        font: font(child ? 12.5 : 11.5, 700),
        grey: !child,
        ink: c.ink,
        halo: c.halo,
        nameFrom: (kind) => (kind === "school" ? 14 : kind === "bus_stop" ? 18 : 16),
      }),
      filter: shows,
      sort: (/** @type {any} */ a, /** @type {any} */ b) => (a.min_zoom ?? 0) - (b.min_zoom ?? 0),
    },
    {
      dataLayer: "water",
      minzoom: 11,
      symbolizer: new P.CenteredTextSymbolizer(
        text(font(15, 600).replace("600", "italic 600"), { fill: c.waterInk, stroke: c.waterHalo, letterSpacing: 1 }),
      ),
      filter: (/** @type {number} */ _z, /** @type {Feature} */ f) => point(f),
    },
    {
      dataLayer: "roads",
      minzoom: 14,
      symbolizer: line({}),
      filter: (/** @type {number} */ _z, /** @type {Feature} */ f) => ["highway", "major_road"].includes(f.props.kind),
    },
    {
      dataLayer: "places",
      minzoom: 13,
      maxzoom: 17,
      symbolizer: new P.CenteredTextSymbolizer(text(font(14, 700), { fill: c.placeInk, letterSpacing: 0.5 })),
      filter: ofKind("neighbourhood", "island"),
    },
    {
      dataLayer: "roads",
      minzoom: 16,
      symbolizer: line({}),
      filter: (/** @type {number} */ _z, /** @type {Feature} */ f) => f.props.kind === "minor_road",
    },
    {
      dataLayer: "water",
      minzoom: 14,
      symbolizer: line({ font: () => `italic ${font(13)}`, ink: c.waterInk, halo: c.waterHalo, repeat: 600 }),
      filter: (/** @type {number} */ _z, /** @type {Feature} */ f) => f.geomType === 2,
    },
    { dataLayer: "roads", minzoom: 16, symbolizer: line({ font: () => font(12), ink: c.pathInk, repeat: 500 }), filter: ofKind("path") },
    { dataLayer: "places", minzoom: 14, symbolizer: new P.CenteredTextSymbolizer(text(font(12.5), {})), filter: ofKind("farm") },
    { dataLayer: "pois", minzoom: 12, symbolizer: new P.CenteredTextSymbolizer(text(font(12.5), {})), filter: ofKind("peak") },
    ...(child
      ? []
      : [
          {
            dataLayer: "buildings",
            minzoom: 18,
            symbolizer: new P.CenteredTextSymbolizer(text(font(10, 500), { labelProps: ["addr_housenumber"], width: 2 })),
            filter: ofKind("address"),
          },
        ]),
  ];
}
