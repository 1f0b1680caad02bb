export function findViolations(file: string, text: string): string[];
export function checkSources(src: string): string[];
