/* What is measured in the page itself. Each function is sent to the browser by `page.evaluate`. */

/** How far the page can be moved sideways, in pixels. */
export function sidewaysPx(): number;

/** Controls that a screen reader could not name. */
export function namelessControls(): string[];

/** Texts with a contrast below 4.5, WCAG's level AA for small text. */
export function faintTexts(): string[];
