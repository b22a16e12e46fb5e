// Debian's Chromium under playwright-core, and the few words the journeys are written with.
import fs from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {chromium} from 'playwright-core';
import {atEnd} from '../lib/check.mjs';

export const shots = fileURLToPath(new URL('../../build/e2e/', import.meta.url));

export async function openBrowser() {
  fs.mkdirSync(shots, {recursive: true});
  const browser = await chromium.launch({
    executablePath: process.env.RENKEI_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  atEnd(() => browser.close());
  return browser;
}

/** A page of its own with nothing remembered. Faults of the page are kept in `faults`. */
export async function openPage(browser, base, {locale = 'en-US', ...options} = {}) {
  const context = await browser.newContext({baseURL: base, locale, timezoneId: 'UTC', viewport: {width: 1280, height: 800}, ...options});
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.faults = [];
  page.on('pageerror', (fault) => page.faults.push(`not caught: ${fault}`));
  page.on('console', (message) => {
    // Refused requests are part of the journeys; scripts that fail are not.
    if (message.type() === 'error' && !/Failed to load resource|Unauthenticated/.test(message.text())) page.faults.push(message.text());
  });
  page.on('response', (response) => {
    if (response.status() >= 500) page.faults.push(`${response.status()} ${response.url()}`);
  });
  return page;
}

export const shot = (page, name, options) => page.screenshot({path: path.join(shots, `${name}.png`), ...options});

/** A form field by its label, with or without the star of a required one. */
export const field = (scope, label) => scope.getByLabel(new RegExp(`^${label.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*\\*?$`));
export const button = (scope, name) => scope.getByRole('button', {name, exact: true});
export const drawer = (page) => page.getByRole('dialog').last();

export async function signIn(page, account, password) {
  await page.goto('/signin');
  await field(page, 'User name or e-mail').fill(account);
  await field(page, 'Password').fill(password);
  await button(page, 'Sign in').click();
  await page.waitForURL(/\/admin/);
}

/** Chooses in a select or relation picker. */
export async function choose(scope, page, label, option) {
  await field(scope, label).first().click();
  await page.getByRole('option', {name: option}).first().click();
}
