// What every test program here is written with: a list of named cases, assertions that show both sides, and a last
// line "N passed, N failed" which tests/run.mjs adds up.
import {isDeepStrictEqual} from 'node:util';

const cases = [];
// RENKEI_TEST_ONLY=WORD runs the cases whose title holds WORD.

export class Failure extends Error {}

/** A case. `title` begins with the ids of the rows it proves. */
export function test(title, body, {seconds = 60} = {}) {
  cases.push({title, body, seconds});
}

/** Something to end after all cases, last one first. */
const endings = [];
export function atEnd(step) {
  endings.push(step);
}

export const show = (value, limit = 600) => {
  const text = typeof value === 'string' ? value : JSON.stringify(value) ?? String(value);
  return text.length > limit ? `${text.slice(0, limit)}… (${text.length} characters)` : text;
};

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export const expect = {
  equal(got, want, what = 'value') {
    if (!isDeepStrictEqual(got, want)) throw new Failure(`${what}\n  expected  ${show(want)}\n  got       ${show(got)}`);
  },
  match(got, pattern, what = 'text') {
    if (!pattern.test(String(got))) throw new Failure(`${what}\n  expected  like ${pattern}\n  got       ${show(got)}`);
  },
  true(condition, what) {
    if (condition !== true) throw new Failure(what);
  },
  below(got, limit, what) {
    if (!(got <= limit)) throw new Failure(`${what}\n  expected  at most ${limit}\n  got       ${got}`);
  },
  /** An answer of tests/lib/http.mjs with this status. */
  status(answer, want) {
    const wanted = [].concat(want);
    if (!wanted.includes(answer.status)) {
      throw new Failure(`${answer.request}\n  expected  ${wanted.join(' or ')}\n  got       ${answer.status} ${show(answer.text, 400)}`);
    }
    return answer;
  },
};

/** Waits until `probe` gives something true; says what it waited for when it never comes. */
export async function until(what, probe, {seconds = 10, every = 20} = {}) {
  const end = Date.now() + seconds * 1000;
  let last;
  for (;;) {
    try {
      const found = await probe();
      if (found) return found;
      last = show(found);
    } catch (fault) {
      last = fault.message;
    }
    if (Date.now() > end) throw new Failure(`waited ${seconds} s in vain for ${what} (last: ${last})`);
    await sleep(every);
  }
}

const within = (seconds, promise) => {
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Failure(`no end within ${seconds} s`)), seconds * 1000);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
};

/** Runs all cases and ends the process. */
export async function run(name) {
  let passed = 0;
  let failed = 0;
  for (const {title, body, seconds} of cases.filter(({title}) => title.includes(process.env.RENKEI_TEST_ONLY ?? ''))) {
    const started = Date.now();
    try {
      await within(seconds, body());
      passed++;
      console.log(`ok    ${title} (${Date.now() - started} ms)`);
    } catch (fault) {
      failed++;
      const text = fault instanceof Failure ? fault.message : fault.stack ?? String(fault);
      console.log(`FAIL  ${title}\n      ${text.replaceAll('\n', '\n      ')}`);
    }
  }
  for (const step of endings.reverse()) await Promise.resolve(step()).catch((fault) => console.log(`at the end: ${fault.message}`));
  console.log(`${name}: ${passed} passed, ${failed} failed`);
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed ? 1 : 0);
}
