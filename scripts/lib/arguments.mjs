import { parseArgs } from 'node:util';
import { Problem } from './problem.mjs';

/** The exit code of a command that was not understood. */
const NOT_UNDERSTOOD = 2;

/**
 * Reads the options of a command.
 * @template {import('node:util').ParseArgsOptionsConfig} T
 * @param {string} help what to type for their names
 * @param {readonly string[]} args
 * @param {T} options as `parseArgs` takes them
 * @returns {ReturnType<typeof parseArgs<{ options: T }>>['values']}
 * @throws {Problem} in one sentence when there is one that is not known, or one without its value
 */
export function readArguments(help, args, options) {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    // Node explains at length how to write what nobody wanted; its first words say what is wrong.
    const [what] = /** @type {Error} */ (error).message.split(/\.\s|\n/);
    throw new Problem(`${what}; ${help} names the options.`, NOT_UNDERSTOOD);
  }
}

/**
 * Reads a number above zero.
 * @param {string} option its name, for the message
 * @param {string} text
 * @param {number} max
 * @returns {number}
 * @throws {Problem} when it is no whole number, or out of range
 */
export function wholeNumber(option, text, max) {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > max) {
    const range = `a whole number from 1 to ${max}`;
    throw new Problem(`${option} must be ${range}, not "${text}".`, NOT_UNDERSTOOD);
  }
  return value;
}

/**
 * Reads a name that must be one of some.
 * @template {string} T
 * @param {string} option its name, for the message
 * @param {string} text
 * @param {readonly T[]} names
 * @returns {T}
 * @throws {Problem} naming them all
 */
export function oneOf(option, text, names) {
  const name = names.find((each) => each === text);
  if (name === undefined) {
    const list = names.length > 1 ? `one of ${names.join(', ')}` : names[0];
    throw new Problem(`${option} must be ${list}, not "${text}".`, NOT_UNDERSTOOD);
  }
  return name;
}

/**
 * @param {string} command as it is typed, for the message
 * @param {readonly string[]} args what was given beside it
 * @throws {Problem} when that is anything
 */
export function takesNoArguments(command, args = process.argv.slice(2)) {
  if (args.length > 0) {
    throw new Problem(`${command} takes no arguments, not ${args.join(' ')}.`, NOT_UNDERSTOOD);
  }
}
