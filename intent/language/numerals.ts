// Numbers in a script that writes them without spaces: 五萬, 三千五, 九十九點九. The characters are a language's; the arithmetic is here.
import type { Numerals } from "./senses.ts";

const MYRIAD = 10_000; // from here a power closes the section before it: 二十 萬

export interface NumeralTable extends Numerals {
  codes: ReadonlySet<number>; // every character that may stand in a number, as a UTF-16 unit
  lowest: number; // of the codes: most characters are below and need no look
}

export function numeralTable(numerals: Numerals): NumeralTable {
  const characters = [...Object.keys(numerals.digits), ...Object.keys(numerals.powers), numerals.point, numerals.half];
  const codes = characters.map((character) => character.charCodeAt(0));
  return { ...numerals, codes: new Set(codes), lowest: Math.min(...codes) };
}

interface Reading {
  total: number; // closed sections
  section: number; // below the last myriad
  digit: number | undefined; // waits for its power
  lastPower: number;
  zero: boolean; // a zero was said: what follows is not shortened
}

function takePower(reading: Reading, power: number): void {
  if (power >= MYRIAD) {
    const section = reading.section + (reading.digit ?? 0);
    if (section === 0 && reading.total > 0) reading.total *= power;
    else reading.total += (section === 0 ? 1 : section) * power;
    reading.section = 0;
  } else {
    reading.section += (reading.digit ?? 1) * power;
  }
  reading.digit = undefined;
  reading.lastPower = power;
  reading.zero = false;
}

/** 三千五 is 3,500: a last digit without a power, right after one, has the power below. */
function close(reading: Reading): number {
  const { digit, lastPower, zero } = reading;
  const last = digit === undefined ? 0 : !zero && lastPower >= 100 && digit < 10 ? (digit * lastPower) / 10 : digit;
  return reading.total + reading.section + last;
}

function digitwise(text: string, table: NumeralTable): number | undefined {
  let digits = "";
  for (const character of text) {
    const digit = table.digits[character];
    if (digit === undefined || digit > 9) return undefined;
    digits += digit;
  }
  return digits === "" ? undefined : Number(digits);
}

function whole(text: string, table: NumeralTable): number | undefined {
  const plain = digitwise(text, table);
  if (plain !== undefined) return plain;
  const reading: Reading = { total: 0, section: 0, digit: undefined, lastPower: 0, zero: false };
  for (const character of text) {
    const digit = table.digits[character];
    const power = table.powers[character];
    if (power !== undefined) takePower(reading, power);
    else if (digit === undefined) return undefined;
    else if (digit === 0) reading.zero = true;
    else if (digit > 9) reading.section += digit;
    else reading.digit = digit;
  }
  return close(reading);
}

/** The value of a run of numerals; `undefined` for one that is no number. */
export function numeralValue(text: string, table: NumeralTable): number | undefined {
  if (text === table.half) return 0.5;
  const [before = "", after] = text.split(table.point);
  if (after === undefined) return whole(before, table);
  const end = [...after].findIndex((character) => table.powers[character] !== undefined);
  const decimals = digitwise(end < 0 ? after : after.slice(0, end), table);
  const integer = before === "" ? undefined : whole(before, table);
  if (decimals === undefined || integer === undefined) return undefined;
  const shown = end < 0 ? after : after.slice(0, end);
  const zeros = [...shown].findIndex((character) => table.digits[character] !== 0);
  const fraction = `${"0".repeat(zeros < 0 ? shown.length : zeros)}${decimals === 0 ? "" : decimals}`;
  let value = Number(`${integer}.${fraction}`);
  if (end >= 0) for (const character of after.slice(end)) value *= table.powers[character] ?? 1;
  return value;
}
