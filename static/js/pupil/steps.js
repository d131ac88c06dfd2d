/** The strip of steps: one for each theme, and the end. */

/**
 * @param {import("./journey.js").Surroundings} surroundings
 * @param {any[]} themes
 * @param {number} at  the step of the moment
 */
export function showSteps({ words, work, frame }, themes, at) {
  const used = new Set(work.marks.map((mark) => work.categories.get(mark.category)?.theme));
  const steps = themes.map((theme) => ({
    code: theme.code,
    picture: `themes-${theme.icon}`,
    label: words.label(theme),
    done: used.has(theme.code),
  }));
  const end = { code: "end", picture: "scenes-party", label: words.t("step.end"), done: false };
  frame.showSteps([...steps, end], at);
}
