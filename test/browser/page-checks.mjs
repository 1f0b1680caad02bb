/* What is measured in the page itself. Each function is sent to the browser by `page.evaluate`. */

/** @returns {number} how far the page can be moved sideways, in pixels */
export function sidewaysPx() {
  const { scrollWidth, clientWidth } = document.documentElement;
  return scrollWidth - clientWidth;
}

/** @returns {string[]} controls that a screen reader could not name */
export function namelessControls() {
  const nameOf = (element) =>
    [
      element.getAttribute('aria-label') ?? element.getAttribute('aria-labelledby') ?? '',
      element.textContent,
      ...Array.from(element.labels ?? [], (label) => label.textContent),
    ]
      .join('')
      .trim();
  const controls = document.querySelectorAll('a, button, input, select, dialog, [role=group]');
  return Array.from(controls)
    .filter((control) => nameOf(control) === '')
    .map((control) => control.outerHTML.slice(0, 120));
}

/** @returns {string[]} texts with a contrast below 4.5, WCAG's level AA for small text */
export function faintTexts() {
  const rgba = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (colour) =>
    [0.2126, 0.7152, 0.0722].reduce((sum, weight, channel) => {
      const value = colour[channel] / 255;
      return sum + weight * (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    }, 0);
  // A picture or a gradient has no single colour; what lies on one is not judged here.
  const groundOf = (element) => {
    if (!element) {
      return [255, 255, 255];
    }
    const { backgroundColor, backgroundImage } = getComputedStyle(element);
    const colour = rgba(backgroundColor);
    if (backgroundImage !== 'none' || (colour.length === 4 && colour[3] > 0 && colour[3] < 1)) {
      return undefined;
    }
    return colour[3] === 0 ? groundOf(element.parentElement) : colour;
  };
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    const text = node.textContent.trim();
    const ground = groundOf(element);
    if (!ground || text === '' || element.closest('.unseen, .stars, :disabled, noscript')) {
      continue;
    }
    const [light, dark] = [rgba(getComputedStyle(element).color), ground]
      .map(luminance)
      .sort((a, b) => b - a);
    if ((light + 0.05) / (dark + 0.05) < 4.5) {
      faint.push(`${text} (${element.className})`);
    }
  }
  return faint;
}
