/** Handing in: one's own map, the last of it sent, the receipt; without a network, calm words until it comes. */

import { bboxOf, positionsOf } from "../geojson.js";
import { L, latLng } from "../leaflet.js";
import { confetti, laterNodes, receiptNodes, summary } from "./finish.js";
import { helperWords } from "./helper.js";

/** How long the receipt is waited for before the child is told that it comes later. */
const PATIENCE_MS = 5_000;
/** Without a network it is known at once that it will not come. */
const OFFLINE_MS = 400;

/**
 * Show the pupil's own map, and hand it in when the pupil says so; go on with it after a reload.
 * @param {import("./journey.js").Surroundings} s
 * @param {{onMore: () => void, redraws: (draw: () => void) => void}} options  onMore draws on; redraws takes what shows this again
 */
export function lookAtOwnMap(s, { onMore, redraws }) {
  const { frame, work, words, map } = s;
  const t = words.t.bind(words);
  const box = bboxOf(work.marks.flatMap((mark) => mark.drawn ?? positionsOf(mark.geometry)));
  const sum = () => summary(work.marks, work.categories, words);
  let watching = new AbortController();

  const show = (/** @type {() => void} */ draw) => {
    redraws(draw);
    draw();
  };

  const look = () => {
    frame.say(t("finish.look"));
    frame.showBody(sum());
    frame.showNext({ label: t("finish.send"), icon: "send", isCalling: true, onclick: handIn });
  };

  const goOn = () => {
    watching.abort();
    onMore();
  };

  const receipt = () => {
    const helper = helperWords(words, work.session);
    const given = { words, helper, seat: frame.seat, receipt: work.session.receipt ?? "", sum: sum(), onMore: goOn, onNext: s.onNextPupil };
    frame.openSheet(t("finish.thanks"), ...receiptNodes(given));
  };

  const later = () => {
    const helper = helperWords(words, work.session);
    const { receipt } = work.session.joined;
    const given = { words, helper, seat: frame.seat, receipt, keeps: work.keeps, sum: sum(), onMore: goOn, onNext: s.onNextPupil };
    frame.openSheet(t("later.title"), ...laterNodes(given));
  };

  const failed = () => {
    frame.closeSheet();
    frame.say(t("finish.failed"));
    frame.showNext({ label: t("try.again"), icon: "rotate-ccw", onclick: handIn });
  };

  const waitForReceipt = (/** @type {number} */ patienceMs) => {
    watching.abort();
    watching = new AbortController();
    const timer = setTimeout(() => show(later), patienceMs);
    const { signal } = watching;
    signal.addEventListener("abort", () => clearTimeout(timer));
    const onFinished = () => {
      watching.abort();
      show(receipt);
      confetti(frame.element);
    };
    const onSave = () => {
      if (work.finishing === "refused") {
        watching.abort();
        show(failed);
      }
    };
    work.addEventListener("finished", onFinished, { signal });
    work.addEventListener("save", onSave, { signal });
  };

  const handIn = () => {
    frame.say(t("finish.sending"));
    frame.showNext(null);
    waitForReceipt(work.online ? PATIENCE_MS : OFFLINE_MS);
    work.finish();
  };

  const state = work.finishing;
  if (state === "done") {
    show(receipt);
  } else if (state === "waiting") {
    waitForReceipt(OFFLINE_MS);
    frame.say(t("finish.sending"));
  } else {
    show(state === "refused" ? failed : look);
  }
  if (box) {
    const bounds = L.latLngBounds(latLng([box[0], box[1]]), latLng([box[2], box[3]]));
    map.fitBounds(bounds, { paddingTopLeft: [60, 130], paddingBottomRight: [60, frame.dock.offsetHeight + 60], maxZoom: 17 });
  }
}
