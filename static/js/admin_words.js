/** The admin's drawing tools in Norwegian: django-leaflet brings Leaflet.draw its words in some languages, and not in ours. */

const WORDS = {
  draw: {
    toolbar: {
      actions: { title: "Avbryt tegningen", text: "Avbryt" },
      finish: { title: "Gjør tegningen ferdig", text: "Ferdig" },
      undo: { title: "Ta bort det siste punktet", text: "Ta bort siste punkt" },
      buttons: { polygon: "Tegn et område", marker: "Sett et punkt", polyline: "Tegn en linje", rectangle: "Tegn et rektangel" },
    },
    handlers: {
      marker: { tooltip: { start: "Trykk på kartet der punktet skal være." } },
      polygon: {
        tooltip: {
          start: "Trykk der området skal begynne.",
          cont: "Trykk på neste hjørne.",
          end: "Trykk på det første hjørnet igjen for å gjøre området ferdig.",
        },
      },
      polyline: {
        error: "Kantene kan ikke krysse hverandre.",
        tooltip: {
          start: "Trykk der linja skal begynne.",
          cont: "Trykk på neste punkt.",
          end: "Trykk på det siste punktet igjen for å gjøre linja ferdig.",
        },
      },
      rectangle: { tooltip: { start: "Trykk og dra for å tegne et rektangel." } },
      simpleshape: { tooltip: { end: "Slipp for å gjøre ferdig." } },
    },
  },
  edit: {
    toolbar: {
      actions: {
        save: { title: "Behold endringene i kartet", text: "Behold" },
        cancel: { title: "Forkast endringene i kartet", text: "Forkast" },
        clearAll: { title: "Ta bort alt", text: "Ta bort alt" },
      },
      buttons: {
        edit: "Endre det som er tegnet",
        editDisabled: "Ingenting å endre",
        remove: "Ta bort det som er tegnet",
        removeDisabled: "Ingenting å ta bort",
      },
    },
    handlers: {
      edit: { tooltip: { text: "Dra i punktene for å endre formen.", subtext: "Trykk på Forkast for å angre." } },
      remove: { tooltip: { text: "Trykk på det som skal bort." } },
    },
  },
};

/**
 * Put our words in the place of what is there.
 * @param {Record<string, any>} there
 * @param {Record<string, any>} [ours]
 */
export function speakNorwegian(there, ours = WORDS) {
  for (const [key, value] of Object.entries(ours)) {
    if (typeof value === "string") {
      there[key] = value;
    } else if (there[key]) {
      speakNorwegian(there[key], value);
    }
  }
}
