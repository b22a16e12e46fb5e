// One person's whole task in a browser: set-up, a data model, rows, a relation, and a role that sees less. The cases follow
// each other on one server; pictures of every step are in build/e2e/.
import {Failure, expect, run, test} from '../lib/check.mjs';
import {Server} from '../lib/server.mjs';
import {button, choose, drawer, field, openBrowser, openPage, shot, signIn} from './browser.mjs';

const admin = {email: 'ada@example.com', username: 'ada', nickname: 'Ada', password: 'Long-Enough-77'};
const reader = {username: 'hana', email: 'hana@example.com', nickname: 'Hana', password: 'Reader-Pass-2026'};

const server = await Server.start({env: {RENKEI_ADMIN_EMAIL: undefined, RENKEI_ADMIN_PASSWORD: undefined}});
const browser = await openBrowser();
const page = await openPage(browser, server.base);

let number = 0;
/** A case that leaves a picture behind, also when it fails, and in which no script of the page may fail. */
const step = (title, body, of = () => page) => test(title, async () => {
  const name = `${String(++number).padStart(2, '0')}-${title.replace(/[^a-z0-9]+/gi, '-').toLowerCase().slice(0, 50)}`;
  try {
    await body();
    await shot(of(), name);
  } catch (fault) {
    await shot(of(), `${name}-failed`).catch(() => {});
    throw new Failure(`${fault.message.split('\n').slice(0, 12).join('\n')}\nat ${of().url()}, picture build/e2e/${name}-failed.png`);
  }
  const faults = of().faults.splice(0);
  expect.equal(faults, [], 'faults of the page');
}, {seconds: 90});

step('UI-001 an empty system leads to set-up, which asks for the administrator', async () => {
  await page.goto('/');
  await page.waitForURL(/\/setup/);
  const link = server.log.match(/http:\/\/\S+\/setup\?[^\s"\\]+/)[0];
  await page.goto(link);
  await field(page, 'E-mail').fill(admin.email);
  await field(page, 'User name').fill(admin.username);
  await field(page, 'Display name').fill(admin.nickname);
  await field(page, 'Password').fill(admin.password);
  await field(page, 'Password, once more').fill('something else');
  await shot(page, '00-setup');
  await button(page, 'Finish set-up').click();
  await page.getByText('The two passwords differ').waitFor();
  await field(page, 'Password, once more').fill(admin.password);
  await button(page, 'Finish set-up').click();
  await page.waitForURL(/\/admin/);
  await page.getByText('Welcome, Ada').waitFor();
});

step('UI-008 no token is left where scripts can read it', async () => {
  const kept = await page.evaluate(() => JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, location.href]));
  if (/rns_|renkei_sid/.test(kept)) throw new Failure(`the session's token can be read: ${kept}`);
  const cookies = await page.context().cookies();
  const session = cookies.find(({name}) => /renkei_sid$/.test(name));
  expect.equal([session?.httpOnly, session?.sameSite], [true, 'Lax'], 'the session cookie');
});

step('UI-001 set-up is closed for ever afterwards', async () => {
  await page.goto('/setup');
  await page.getByText('Set-up is finished').waitFor();
});

step('UI-003 a wrong password and an unknown account read the same', async () => {
  await page.goto('/admin');
  await page.getByRole('button', {name: /User menu/}).click();
  await page.getByRole('menuitem', {name: 'Sign out'}).click();
  await page.waitForURL(/\/signin/);
  const texts = [];
  for (const [account, password] of [[admin.email, 'wrong'], ['unknown@example.com', 'wrong']]) {
    await page.goto('/signin');
    await field(page, 'User name or e-mail').fill(account);
    await field(page, 'Password').fill(password);
    await button(page, 'Sign in').click();
    texts.push((await page.getByRole('alert').first().innerText()).replace(/Request.*/s, '').trim());
  }
  expect.equal(texts[0], texts[1], 'messages');
});

step('UI-006 after sign-in only addresses of this site are opened', async () => {
  for (const target of ['//evil.test', 'https://evil.test/', 'javascript:alert(1)', '/\\evil.test']) {
    await page.context().clearCookies();
    await page.goto(`/signin?redirect=${encodeURIComponent(target)}`);
    await field(page, 'User name or e-mail').fill(admin.username);
    await field(page, 'Password').fill(admin.password);
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => !url.pathname.startsWith('/signin'));
    expect.equal(new URL(page.url()).origin, server.base, `after redirect=${target}`);
  }
});

async function newCollection(title) {
  await page.goto('/admin/collections');
  await button(page, 'New collection').first().click();
  await field(drawer(page), 'Title').fill(title);
  expect.equal(await field(drawer(page), 'Name').inputValue(), title.toLowerCase(), 'the name proposed');
  await button(drawer(page), 'Create collection').click();
  await page.waitForURL(new RegExp(`/admin/collections/${title.toLowerCase()}$`));
}

async function addField(kind, title, settings) {
  await button(page, 'Add field').first().click();
  await drawer(page).getByRole('button', {name: new RegExp(`^${kind}\\b`)}).first().click();
  await field(drawer(page), 'Title').first().fill(title);
  await settings?.(drawer(page));
  await button(drawer(page), 'Add field').click();
  await page.getByRole('dialog').waitFor({state: 'hidden'});
  await page.getByRole('row', {name: new RegExp(`^${title} ${title.toLowerCase()}\\b`)}).waitFor();
}

step('API-060 a collection is made, and is in the menu at once', async () => {
  await newCollection('Authors');
  await addField('Text', 'Name', (scope) => field(scope, 'Required').check());
  await page.getByRole('navigation').getByText('Authors').first().waitFor();
});

step('API-062 a second collection with fields of several kinds', async () => {
  await newCollection('Books');
  await addField('Text', 'Title', (scope) => field(scope, 'Required').check());
  await addField('Number', 'Price');
  await addField('Date', 'Published');
  await addField('Single choice', 'State', async (scope) => {
    await button(scope, 'Add choice').click().catch(() => {});
    await scope.getByLabel('Stored value').first().fill('in');
    await scope.getByLabel('Label').first().fill('In the shelf');
  });
});

step('API-063 a relation leads from one to the other', async () => {
  await addField('Many to one', 'Author', (scope) => choose(scope, page, 'Target collection', /Authors/));
});

async function addRow(collection, fill) {
  if (!page.url().includes(`/admin/collections/${collection}/records`)) await page.goto(`/admin/collections/${collection}/records`);
  await page.getByRole('button', {name: /^Add (row|the first row)$/}).first().click();
  await fill(drawer(page));
  await button(drawer(page), 'Create').click();
  await page.getByRole('dialog').waitFor({state: 'hidden'});
}

step('UI-056 a form says what is missing before anything is sent', async () => {
  await page.goto('/admin/collections/authors/records');
  await page.getByRole('button', {name: /^Add (row|the first row)$/}).first().click();
  await button(drawer(page), 'Create').click();
  await drawer(page).getByText('Please fill this in').waitFor();
  await field(drawer(page), 'Name').fill('Soseki');
  await button(drawer(page), 'Create').click();
  await page.getByRole('row', {name: /Soseki/}).waitFor();
});

step('UI-055 UI-061 rows are added, and linked by a picker', async () => {
  await addRow('authors', (scope) => field(scope, 'Name').fill('Sand'));
  await addRow('books', async (scope) => {
    await field(scope, 'Title').fill('Kokoro');
    await field(scope, 'Price').fill('12.5');
    await choose(scope, page, 'Author', /Soseki/);
  });
  await addRow('books', async (scope) => {
    await field(scope, 'Title').fill('Indiana');
    await field(scope, 'Price').fill('7');
    await choose(scope, page, 'Author', /Sand/);
  });
  await page.getByRole('row', {name: /Kokoro.*Soseki/}).waitFor();
  await page.getByRole('row', {name: /Indiana.*Sand/}).waitFor();
});

step('UI-045 a cell is changed in place', async () => {
  await page.getByRole('row', {name: /Indiana/}).locator('[data-cell]').filter({hasText: /^7(\.0+)?$/}).first().dblclick();
  await page.locator('td[data-cell] input').first().fill('8.25');
  await page.keyboard.press('Enter');
  await page.getByRole('row', {name: /Indiana.*8\.25/}).waitFor();
  await page.reload();
  await page.getByRole('row', {name: /Indiana.*8\.25/}).waitFor();
});

step('UI-042 search, sort, and the address keeps both', async () => {
  await page.getByRole('searchbox', {name: 'Search in these rows'}).fill('koko');
  await page.getByRole('row', {name: /Indiana/}).waitFor({state: 'detached'});
  await page.reload();
  await page.getByRole('row', {name: /Kokoro/}).waitFor();
  expect.equal(await page.getByRole('row', {name: /Indiana/}).count(), 0, 'rows that do not match');
  await page.getByRole('searchbox', {name: 'Search in these rows'}).fill('');
  await page.getByRole('row', {name: /Indiana/}).waitFor();
  await page.getByRole('columnheader', {name: /Price/}).getByRole('button').first().click();
  await page.waitForURL(/sort=/);
  await page.waitForFunction(() => [...document.querySelectorAll('tbody tr')].map((row) => row.textContent).findIndex((text) => text.includes('Indiana')) === 0);
});

step('UI-044 a filter is built', async () => {
  await page.getByRole('button', {name: /^Filter/}).first().click();
  const panel = page.getByRole('dialog').last();
  await field(panel, 'Field').first().waitFor();
  await choose(panel, page, 'Field', /^Title$/);
  await panel.getByRole('textbox', {name: 'Title'}).last().fill('Kok');
  await button(panel, 'Apply filter').click();
  await page.waitForURL(/filter=/);
  await page.getByRole('row', {name: /Kokoro/}).waitFor();
  await page.getByRole('row', {name: /Indiana/}).waitFor({state: 'detached'});
});

step('API-083 a role that may only read titles of books', async () => {
  await page.goto('/admin/roles');
  await button(page, 'New role').click();
  await drawer(page).getByLabel(/^(Role|Title)/).first().fill('Readers');
  await button(drawer(page), 'Create role').click();
  await page.waitForURL(/\/admin\/roles\/(?!$)/);
  await page.getByRole('button', {name: 'Configure Books'}).click();
  await drawer(page).getByRole('switch', {name: /Own rules/}).check();
  await drawer(page).getByRole('row').getByLabel('View', {exact: true}).first().check();
  // All columns off, then the title on.
  await drawer(page).getByRole('columnheader').getByLabel('View').click();
  await drawer(page).getByLabel('View: Title', {exact: true}).check();
  await shot(page, 'role-rules');
  await button(drawer(page), 'Save').click();
  await page.getByRole('dialog').waitFor({state: 'hidden'});
  await page.getByRole('row', {name: /Books.*Own rules/}).waitFor();
});

step('API-083 a user gets that role', async () => {
  await page.goto('/admin/users');
  await button(page, 'New user').click();
  const scope = drawer(page);
  await field(scope, 'Display name').fill(reader.nickname);
  await field(scope, 'User name').fill(reader.username);
  await field(scope, 'E-mail').fill(reader.email);
  await field(scope, 'Password').fill(reader.password);
  await choose(scope, page, 'Roles', /Readers/);
  await page.keyboard.press('Escape');
  await button(scope, 'Create user').click();
  await page.getByRole('row', {name: /Hana.*Readers/}).waitFor();
});

let guest;
step('UI-049 API-080 that user sees titles, and nothing to change', async () => {
  guest = await openPage(browser, server.base);
  await signIn(guest, reader.username, reader.password);
  await guest.goto('/admin/collections/books/records');
  await guest.getByText('Kokoro').first().waitFor();
  expect.equal(await guest.getByText('12.5').count(), 0, 'prices shown');
  expect.equal(await guest.getByRole('columnheader', {name: /Price/}).count(), 0, 'a column for prices');
  expect.equal(await guest.getByRole('button', {name: 'Add row'}).count(), 0, 'a button to add rows');
  expect.equal(await guest.getByRole('link', {name: 'Users'}).count(), 0, 'the way to users');
  await shot(guest, 'reader');
  await guest.goto('/admin/users');
  await guest.waitForLoadState('networkidle');
  expect.equal(await guest.getByRole('button', {name: 'New user'}).count(), 0, 'a button for new users, on a page the role may not open');
  expect.equal(await guest.getByText(admin.email).count(), 0, 'addresses of others');
}, () => guest ?? page);

step('UI-009 the interface asks with a CSRF token, and without it nothing is changed', async () => {
  const status = await page.evaluate(() => fetch('/api/books:create', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: '{"title":"forged"}'}).then((answer) => answer.status));
  expect.equal(status, 403, 'status without the header');
  const simple = await page.evaluate(() => fetch('/api/books:create', {method: 'POST', headers: {'Content-Type': 'text/plain'}, body: '{"title":"forged"}'}).then((answer) => answer.status));
  expect.true([403, 415].includes(simple), `a simple form: ${simple}`);
});

step('UI-007 an expired session asks for the password over the page, and nothing typed is lost', async () => {
  await page.goto('/admin/collections/authors/records');
  await button(page, 'Add row').click();
  await field(drawer(page), 'Name').fill('Half written');
  await page.context().clearCookies();
  await button(drawer(page), 'Create').click();
  const dialog = page.getByRole('dialog', {name: /sign in again/i});
  await dialog.waitFor();
  await field(dialog, 'Password').fill(admin.password);
  await button(dialog, 'Sign in').click();
  await dialog.waitFor({state: 'hidden'});
  await page.getByRole('row', {name: /Half written/}).waitFor({timeout: 3000}).catch(() => button(drawer(page), 'Create').click());
  await page.getByRole('row', {name: /Half written/}).waitFor();
});

step('UI-149 Japanese, Chinese, and a dark theme', async () => {
  for (const [locale, word] of [['ja-JP', /サインイン|ログイン/], ['zh-CN', /登录/]]) {
    const other = await openPage(browser, server.base, {locale, colorScheme: 'dark'});
    await other.goto('/signin');
    await other.getByRole('button', {name: word}).waitFor();
    await shot(other, `signin-${locale}`);
    await other.context().close();
  }
});

step('UI-155 a narrow screen has everything that is needed', async () => {
  const phone = await openPage(browser, server.base, {viewport: {width: 390, height: 800}, hasTouch: true});
  await signIn(phone, admin.username, admin.password);
  await phone.goto('/admin/collections/books/records');
  await phone.getByText('Kokoro').first().waitFor();
  const wider = await phone.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect.below(wider, 0, 'pixels the page is wider than the screen');
  await shot(phone, 'phone');
  await phone.context().close();
});

await run('e2e');
