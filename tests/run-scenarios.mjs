#!/usr/bin/env node
// Runs tests/api/*.http against a real server: one server and one small library (lib/library.mjs) for each file.
//
//   node tests/run-scenarios.mjs sqlite|postgres [PART-OF-A-TITLE]
//
// A file is a comment and scenarios. A scenario is `## ROW-IDS promise`, then steps. A step:
//
//   as: member                          nobody, member or admin (stays until the next `as:`; admin at first)
//   POST books:create?whitelist=title   below /api/ unless it begins with a slash
//   X-Timezone: +09:00                  headers
//                                       an empty line, then the body, if any
//   {"title":"x"}
//   --- 200                             status, or one for each caller: --- nobody 401, member 403, admin 200
//   has:    {"data":{"title":"x"}}      these members, arrays of this length; "~…" is a pattern, "*" anything
//   lacks:  "password"                  this text is nowhere in the answer
//   header: Cache-Control ~ no-store
//   save:   key = data.id               later as {{key}}
//
// Before the first step `with: field, value` and lines `| pages | "many"` repeat the scenario for each line with {field}
// and {value} replaced; `unchanged: books` says that no row of the collection may differ afterwards.
// A body may be made: `@nest 1000`, `@fill 11000000 x`, `@hex 7b22ff`, `@base64 …`.
//
// Judged without being asked, for every answer: there is an X-Request-Id; no 5xx unless expected; an error of the API is
// the envelope whose entries have message, code in capitals and traceId, without SQL, file names or addresses of ours.
import fs from 'node:fs';
import {fileURLToPath} from 'node:url';
import {Failure, expect, run, show, test} from './lib/check.mjs';
import {Client} from './lib/http.mjs';
import {makeLibrary} from './lib/library.mjs';
import {freshDatabase} from './lib/postgres.mjs';
import {Server} from './lib/server.mjs';

const folder = fileURLToPath(new URL('./api/', import.meta.url));
const REQUEST = /^(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|\{method\}) (\S.*)$/;

/** The scenarios of one file: {title, unchanged, steps}. Throws with file and line when the file is not well formed. */
export function parse(file, text) {
  const scenarios = [];
  let scenario;
  let step;
  let mode = 'between';
  let as = 'admin';
  text.split('\n').forEach((line, index) => {
    const wrong = (why) => { throw new Error(`${file}:${index + 1}: ${why}: ${line}`); };
    if (line.startsWith('## ')) {
      scenario = {title: line.slice(3).trim(), file, names: [], table: [], unchanged: [], steps: []};
      scenarios.push(scenario);
      mode = 'between';
      as = 'admin';
    } else if (mode === 'body' && !line.startsWith('---')) {
      step.body = step.body === undefined ? line : `${step.body}\n${line}`;
    } else if (line.startsWith('---')) {
      if (!step) wrong('no request before this');
      step.body = step.body?.replace(/\n+$/, '') || undefined;
      step.statuses = line.slice(3).split(',').map((part) => part.trim().split(/\s+/)).map((words) => (words.length === 1 ? [step.as, words[0]] : words)).map(([who, status]) => [who, status.split('|').map(Number)]);
      mode = 'checks';
    } else if (line.trim() === '') {
      if (mode === 'headers') mode = 'body';
    } else if (line.startsWith('#')) {
      // a comment
    } else if (!scenario) {
      wrong('before the first scenario');
    } else if (REQUEST.test(line) && mode !== 'headers') {
      const [, method, target] = line.match(REQUEST);
      step = {as, method, target, headers: [], checks: [], line: index + 1};
      scenario.steps.push(step);
      mode = 'headers';
    } else if (mode === 'headers') {
      const [, name, value] = line.match(/^([\w-]+):\s*(.*)$/) ?? wrong('not a header');
      step.headers.push([name, value]);
    } else if (line.startsWith('|')) {
      scenario.table.push(line.split('|').slice(1).map((cell) => cell.trim()).slice(0, scenario.names.length));
    } else {
      const [, word, rest] = line.match(/^(\w+):\s*(.*)$/) ?? wrong('not understood');
      if (word === 'as') as = rest;
      else if (word === 'with') scenario.names = rest.split(',').map((name) => name.trim());
      else if (word === 'unchanged') scenario.unchanged = rest.split(',').map((name) => name.trim());
      else if (step && ['has', 'lacks', 'header', 'save'].includes(word)) step.checks.push([word, rest, index + 1]);
      else wrong('not understood');
    }
  });
  return scenarios.flatMap((one) => {
    if (one.table.length === 0) return [one];
    return one.table.map((cells) => {
      const fill = (value) => (typeof value === 'string' ? one.names.reduce((out, name, i) => out.replaceAll(`{${name}}`, cells[i] ?? ''), value) : value);
      return {...one, title: fill(one.title), steps: one.steps.map((each) => ({...each, method: fill(each.method), target: fill(each.target), body: fill(each.body),
        headers: each.headers.map(([name, value]) => [name, fill(value)]), checks: each.checks.map(([word, rest, at]) => [word, fill(rest), at])}))};
    });
  });
}

function makeBody(text) {
  if (text === undefined) return undefined;
  const [, word, rest] = text.match(/^@(\w+) ([^\n]*)$/) ?? [];
  if (!word) return text;
  if (word === 'nest') return `{"title":${'['.repeat(Number(rest))}${']'.repeat(Number(rest))}}`;
  if (word === 'fill') return `{"title":"${rest.split(' ')[1].repeat(Number(rest.split(' ')[0]))}"}`;
  if (word === 'hex') return Buffer.from(rest.replaceAll(' ', ''), 'hex');
  throw new Error(`unknown body @${word}`);
}

function subset(want, got, path = '$') {
  if (want === '*') return got === undefined ? [`${path} is missing`] : [];
  if (typeof want === 'string' && want.startsWith('~')) return new RegExp(want.slice(1)).test(String(got)) ? [] : [`${path}: expected like ${want.slice(1)}, got ${show(got)}`];
  if (Array.isArray(want)) {
    if (!Array.isArray(got)) return [`${path}: expected an array, got ${show(got)}`];
    if (got.length !== want.length) return [`${path}: expected ${want.length} members, got ${got.length}: ${show(got)}`];
    return want.flatMap((item, i) => subset(item, got[i], `${path}[${i}]`));
  }
  if (want !== null && typeof want === 'object') {
    if (got === null || typeof got !== 'object') return [`${path}: expected an object, got ${show(got)}`];
    return Object.entries(want).flatMap(([key, value]) => subset(value, got[key], `${path}.${key}`));
  }
  return Object.is(want, got) ? [] : [`${path}: expected ${show(want)}, got ${show(got)}`];
}

const LEAKS = /\b(select|insert into|update|delete from)\b[^"]{0,80}\b(from|values|set|where)\b|sqlstate|sqlite3?_|libpq|pg_catalog|\.cc\b|\/home\/|\/root\/|std::|terminate/i;

/** What holds for every answer. */
function invariants(answer, wanted) {
  if (answer.status >= 500 && !wanted.includes(answer.status)) throw new Failure(`a fault of the server: ${answer.status} ${answer.text.slice(0, 400)}`);
  const traceId = answer.headers['x-request-id'];
  if (!traceId) throw new Failure('API-013: no X-Request-Id');
  if (answer.status < 400 || answer.text === '') return;
  if (answer.status === 404 && answer.text === 'Not Found') return;
  if (!Array.isArray(answer.errors) || answer.errors.length === 0) throw new Failure(`API-075: ${answer.status} without the error envelope: ${answer.text.slice(0, 300)}`);
  for (const error of answer.errors) {
    if (typeof error.message !== 'string' || error.message === '') throw new Failure(`API-075: an error without message: ${show(error)}`);
    if (!/^[A-Z][A-Z0-9_]*$/.test(error.code ?? '')) throw new Failure(`API-075: code is not a word in capitals: ${show(error)}`);
    // A forgotten password has one answer for every address, to the byte: no trace id in it.
    if (error.code === 'PASSWORD_RESET_DISABLED') continue;
    if (error.traceId !== traceId) throw new Failure(`API-075: traceId is not X-Request-Id (${traceId}): ${show(error)}`);
    if (LEAKS.test(`${error.message} ${error.hint ?? ''}`)) throw new Failure(`API-075: the message tells about our inside: ${show(error)}`);
  }
}

async function runStep(step, who, wanted, clients, saved) {
  const fill = (text) => text.replace(/\{\{(\w+)\}\}/g, (_, name) => saved[name] ?? `{{${name}}}`);
  const body = typeof step.body === 'string' ? makeBody(fill(step.body)) : step.body;
  const headers = Object.fromEntries(step.headers.map(([name, value]) => [name, fill(value)]));
  const answer = await clients[who].request(step.method, fill(step.target).replaceAll(' ', '%20').replace(/["<>^`{|}]/g, encodeURIComponent), {body, headers});
  try {
    expect.equal(wanted.includes(answer.status), true, `status ${answer.status} instead of ${wanted.join(' or ')}: ${answer.text.slice(0, 500)}`);
    invariants(answer, wanted);
    for (const [word, rest] of step.checks) {
      if (word === 'has') {
        const lines = subset(JSON.parse(fill(rest)), answer.json);
        if (lines.length) throw new Failure(`${lines.join('\n')}\nin ${answer.text.slice(0, 500)}`);
      } else if (word === 'lacks') {
        if (answer.text.includes(fill(rest))) throw new Failure(`the answer holds ${rest}: ${answer.text.slice(0, 500)}`);
      } else if (word === 'header') {
        const [name, pattern] = rest.split('~').map((part) => part.trim());
        expect.match(answer.headers[name.toLowerCase()] ?? '', new RegExp(pattern), `header ${name}`);
      } else {
        const [name, path] = rest.split('=').map((part) => part.trim());
        saved[name] = path.split('.').reduce((value, key) => value?.[key], answer.json);
      }
    }
  } catch (fault) {
    throw new Failure(`line ${step.line}, as ${who}: ${step.method} ${step.target.slice(0, 200)}\n${fault.message}`);
  }
}

const database = process.argv[2] ?? 'sqlite';
const only = process.argv[3] ?? process.env.RENKEI_TEST_ONLY ?? '';

for (const file of fs.readdirSync(folder).filter((name) => name.endsWith('.http')).sort()) {
  const scenarios = parse(`tests/api/${file}`, fs.readFileSync(folder + file, 'utf8')).filter(({title}) => `${file} ${title}`.includes(only));
  let world;
  const open = async () => {
    const server = await Server.start({database: database === 'postgres' ? freshDatabase() : undefined});
    const admin = await server.admin();
    await makeLibrary(admin);
    // A value no file should have to spell out.
    const deepFilter = `${'{"$and":['.repeat(500)}{"id":1}${']}'.repeat(500)}`;
    return {server, saved: {deepFilter}, clients: {admin, nobody: new Client(server.base), member: await server.user(admin)}};
  };
  scenarios.forEach((scenario, at) => test(`${file.replace('.http', '')}: ${scenario.title}`, async () => {
    world ??= open();
    const {clients, saved, server} = await world;
    const picture = async () => JSON.stringify(await Promise.all(scenario.unchanged.map(async (name) => (await clients.admin.get(`${name}:list`, {paginate: 'false'})).data)));
    const before = await picture();
    try {
      for (const step of scenario.steps) for (const [who, wanted] of step.statuses ?? []) await runStep(step, who, wanted, clients, saved);
      expect.equal(await picture(), before, `rows of ${scenario.unchanged.join(', ')} afterwards`);
    } finally {
      if (at === scenarios.length - 1) await server.stop();
    }
  }));
}

await run(`api-${database}`);
