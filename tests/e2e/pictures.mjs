// Takes the pictures of the README from a server with the demonstration data:
//   node tests/e2e/pictures.mjs
import {execFileSync} from 'node:child_process';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {Server, administrator, program} from '../lib/server.mjs';
import {openBrowser, openPage, signIn} from './browser.mjs';

const pictures = fileURLToPath(new URL('../../docs/pictures/', import.meta.url));
const server = await Server.start();
execFileSync(program, ['demo', '--url', server.base, '--account', administrator.email, '--password', administrator.password, '--orders', '5000'], {stdio: 'inherit'});
const browser = await openBrowser();
const page = await openPage(browser, server.base, {viewport: {width: 1280, height: 720}});
await signIn(page, administrator.email, administrator.password);
const take = async (name, address, ready) => {
  await page.goto(address);
  await page.getByText(ready).first().waitFor();
  await page.waitForTimeout(500);
  await page.screenshot({path: path.join(pictures, `${name}.png`)});
};
await take('table', '/admin/collections/countries/records', 'Afghanistan');
await take('orders', '/admin/collections/orders/records', 'SO-000001');
await take('fields', '/admin/collections/orders', 'placedAt');
await browser.close();
await server.stop();
process.exit(0);
