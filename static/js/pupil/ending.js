/** Handing in: one's own map, the last of it sent, the receipt. */

import { bboxOf, positionsOf } from "../geojson.js";
import { L, latLng } from "../leaflet.js";
import { confetti, receiptNodes, summary } from "./finish.js";

/**
 * Show the pupil's own map, and hand it in when the pupil says so.
 * @param {import("./journey.js").Surroundings} s
 * @param {{onMore: () => void, redraws: (draw: () => void) => void}} options  onMore draws on; redraws takes what shows this again
 */
export function lookAtOwnMap(s, { onMore, redraws }) {
  const { frame, work, words, map } = s;
  const t = words.t.bind(words);
  const box = bboxOf(work.marks.flatMap((mark) => mark.drawn ?? positionsOf(mark.geometry)));
  const sum = () => summary(work.marks, work.categories, words);

  const draw = () => {
    frame.say(t("finish.look"));
    frame.showBody(sum());
    frame.showNext({ label: t("finish.send"), icon: "send", isCalling: true, onclick: handIn });
  };

  const showReceipt = (/** @type {string} */ receipt) => {
    const drawReceipt = () => {
      const nodes = receiptNodes({ words, seat: frame.seat, receipt, sum: sum(), onMore, onNext: s.onNextPupil });
      frame.openSheet(t("finish.thanks"), ...nodes);
    };
    redraws(drawReceipt);
    drawReceipt();
    confetti(frame.element);
  };

  const handIn = async () => {
    work.flush();
    frame.say(t("finish.sending"));
    frame.showNext(null);
    await s.settled();
    try {
      showReceipt((await s.finish()).receipt);
    } catch (error) {
      const isOffline = /** @type {{status?: number}} */ (error).status === 0;
      frame.say(t(isOffline ? "finish.offline" : "finish.failed"));
      frame.showNext({ label: t("try.again"), icon: "rotate-ccw", onclick: handIn });
    }
  };

  redraws(draw);
  draw();
  if (box) {
    const bounds = L.latLngBounds(latLng([box[0], box[1]]), latLng([box[2], box[3]]));
    map.fitBounds(bounds, { paddingTopLeft: [60, 130], paddingBottomRight: [60, frame.dock.offsetHeight + 60], maxZoom: 17 });
  }
}
