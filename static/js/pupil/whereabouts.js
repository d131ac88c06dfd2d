/** Where a position is, in words for those who do not see the map: so many metres from school, in a direction. */

import { directionOf, distanceM } from "../units.js";

/** @typedef {import("geojson").Position} Position  [lon, lat], degrees */

/** Nearer than this it is at the school. */
const AT_SCHOOL_M = 30;

/**
 * @param {import("../words.js").Words} words
 * @param {{name: string, location: import("geojson").Geometry | null}} school
 * @param {Position} position
 * @returns {string}
 */
export function whereIs(words, school, position) {
  if (school.location?.type !== "Point") {
    return words.t("where.unknown");
  }
  const from = school.location.coordinates;
  const metres = distanceM(from, position);
  if (metres < AT_SCHOOL_M) {
    return words.t("where.school");
  }
  return words.t("where.at", { distance: inWords(metres, words.language), direction: words.t(`where.${directionOf(from, position)}`) });
}

/**
 * Tens of metres, tenths of a kilometre: a child's finger knows no better. Unit and digits are the language's own, or ours.
 * @param {number} metres
 * @param {string} language
 * @returns {string}
 */
function inWords(metres, language) {
  const isFar = metres >= 1000;
  const value = isFar ? Math.round(metres / 100) / 10 : Math.round(metres / 10) * 10;
  const unit = isFar ? "kilometer" : "meter";
  return new Intl.NumberFormat([language, "nb"], { style: "unit", unit, unitDisplay: "short" }).format(value);
}
