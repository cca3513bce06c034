// Opens an HTML page as a reader would, in headless Chromium without JavaScript: on a phone and on a desk, in light and
// in dark. Saves a screenshot of each and the document as the browser understood it. Fails when the page is empty,
// scrolls sideways, cuts off a figure or asks for anything outside itself.
//
//   node tools/referees/page.mjs <page.html> <folder for the screenshots>
//
// Chromium is Debian's `chromium` package; CHROMIUM names another one.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const widths = [390, 1200];
const schemes = ['light', 'dark'];

const [page, folder] = process.argv.slice(2);
try {
  if (page === undefined || folder === undefined) throw new Error('usage: page.mjs <page.html> <folder>');
  if (!existsSync(page)) throw new Error(`${page} does not exist: give an HTML file`);
  const problems = await look(page, folder);
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
  else
    console.log(
      `${page}: sound at ${widths.join(' and ')} px in ${schemes.join(' and ')}; screenshots in ${folder}`,
    );
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

async function look(file, out) {
  mkdirSync(out, { recursive: true });
  const browser = await launch();
  try {
    const problems = [];
    for (const width of widths) {
      for (const colorScheme of schemes) {
        problems.push(...(await lookOnce(browser, resolve(file), out, width, colorScheme)));
      }
    }
    return problems;
  } finally {
    await browser.close();
  }
}

async function launch() {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  if (!existsSync(executablePath)) {
    throw new Error(
      `Chromium is not at ${executablePath}: install Debian's package "chromium", or name another in CHROMIUM`,
    );
  }
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

async function lookOnce(browser, file, out, width, colorScheme) {
  const where = `${file} at ${width} px, ${colorScheme}`;
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    deviceScaleFactor: width < 600 ? 2 : 1,
    colorScheme,
    javaScriptEnabled: false,
    offline: true,
  });
  try {
    // A busy machine takes long to draw a long page.
    context.setDefaultTimeout(120_000);
    const tab = await context.newPage();
    const requests = [];
    tab.on('request', (request) => requests.push(request.url()));
    const url = pathToFileURL(file).href;
    await tab.goto(url);
    await tab.screenshot({ path: join(out, `${width}-${colorScheme}.png`), fullPage: true });
    writeFileSync(join(out, `${width}-${colorScheme}.html`), await tab.content());
    // The page's own scripts are off; these run from outside it.
    const { text, overflow, cut } = await tab.evaluate(measure);
    return [
      ...(text === 0 ? [`${where}: the page is empty`] : []),
      ...(overflow > 0 ? [`${where}: the page scrolls sideways by ${overflow} px`] : []),
      ...cut.map((what) => `${where}: ${what} reaches outside its figure`),
      ...requests
        .filter((request) => request !== url)
        .map((request) => `${where}: the page asks for ${request}`),
    ];
  } finally {
    await context.close();
  }
}

/** Runs in the page. */
function measure() {
  const root = document.documentElement;
  const cut = [...document.querySelectorAll('svg')].flatMap((svg) => {
    const frame = svg.getBoundingClientRect();
    return [...svg.querySelectorAll('text, path, rect, line')]
      .filter((element) => {
        const box = element.getBoundingClientRect();
        return (
          box.left < frame.left - 1 ||
          box.right > frame.right + 1 ||
          box.top < frame.top - 1 ||
          box.bottom > frame.bottom + 1
        );
      })
      .map(
        (element) =>
          `${element.tagName} "${element.textContent.trim()}" of "${svg.getAttribute('aria-label') ?? ''}"`,
      );
  });
  return {
    text: document.body.innerText.trim().length,
    overflow: root.scrollWidth - root.clientWidth,
    cut,
  };
}
