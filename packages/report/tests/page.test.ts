import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { type ReportInput, renderBenchReport, renderCompareReport, renderReport } from '../src/index.js';
import {
  incompleteRun,
  syntheticBench,
  syntheticClaims,
  syntheticInput,
  syntheticMasks,
  syntheticRun,
  syntheticStability,
  syntheticTextInput,
  syntheticTrainability,
} from './synthetic.js';
import { warningsFail } from './plots/drawing.js';

warningsFail();

interface Element {
  readonly tagName: string;
  readonly textContent: string;
  readonly id: string;
  getAttribute(name: string): string | null;
  querySelectorAll(selector: string): { readonly length: number };
}

function parse(page: string): { readonly all: (selector: string) => Element[] } {
  const { document } = parseHTML(page) as unknown as {
    document: { querySelectorAll(selector: string): Iterable<Element> };
  };
  return { all: (selector) => [...document.querySelectorAll(selector)] };
}

const cases: Record<string, ReportInput> = {
  'a complete run': syntheticInput(),
  'three trials with all controls': syntheticInput({
    trials: 3,
    levels: 9,
    controls: ['random-reinit', 'random-mask', 'one-shot'],
  }),
  'one trial of the dense network': syntheticInput({ trials: 1, levels: 0, controls: [] }),
  'an incomplete run': { run: incompleteRun(), command: 'tickets run quick' },
  'a run measured on two devices': { ...syntheticInput(), benches: [syntheticBench(), syntheticBench()] },
  'a run with a stability analysis': { ...syntheticInput(), stability: syntheticStability() },
  'a run held against claims': { ...syntheticInput(), claims: syntheticClaims() },
  'a run with pictures of its masks': { ...syntheticInput(), masks: syntheticMasks() },
  'a run with what training costs': { ...syntheticInput(), trainability: syntheticTrainability() },
  'a run over text': syntheticTextInput({ trials: 3 }),
  'a run without any stage': { run: { ...syntheticRun(), stages: [] }, command: 'tickets run quick' },
  'a run of controls alone': {
    run: { ...syntheticRun(), stages: syntheticRun().stages.filter(({ branch }) => branch !== 'iterative') },
    command: 'tickets run quick',
  },
};

const bench = syntheticBench();
const onGpu = { ...bench, options: { ...bench.options, provider: 'cuda' as const } };
const comparison = (count: number) => ({
  title: 'criteria',
  densities: [1, 0.5, 0.2],
  runs: Array.from({ length: count }, (_, index) => ({
    label: `rate=<${index}>`,
    run: index === 1 ? incompleteRun() : syntheticRun({ trials: 3, levels: 8 }),
    claims: syntheticClaims(),
    masks: syntheticMasks(),
    ...(index === 1 ? {} : { stability: syntheticStability() }),
  })),
});
const pages = [
  ...Object.entries(cases).map(([name, input]) => ({
    name,
    title: 'synthetic',
    command: input.command,
    render: () => renderReport(input),
  })),
  ...[[bench], [bench, onGpu]].map((benches) => ({
    name: `${benches.length} benchmarks`,
    title: 'What models cost to run',
    command: 'tickets bench a.onnx b.onnx',
    render: () => renderBenchReport({ benches, command: 'tickets bench a.onnx b.onnx' }),
  })),
  ...[1, 3, 14].map((count) => ({
    name: `${count} runs`,
    title: 'Compared: criteria',
    command: 'tickets report grid-criteria',
    render: () => renderCompareReport({ ...comparison(count), command: 'tickets report grid-criteria' }),
  })),
];

describe.each(pages)('the page of $name', ({ render, title, command }) => {
  const page = render();
  const { all } = parse(page);

  it('is the same every time', () => {
    expect(render()).toBe(page);
  });
  it('has no number that is none', () => {
    expect(page).not.toMatch(/NaN|undefined|Infinity|\[object/);
  });
  it('needs nothing outside itself and runs nothing', () => {
    expect(page).not.toMatch(/https?:|\/\/[a-z]|url\(|@import/i);
    expect(all('script, link, img, iframe, object, embed, form, [src], [onload], [onclick]')).toEqual([]);
    expect(all('meta[http-equiv="Content-Security-Policy"]')[0]?.getAttribute('content')).toContain(
      "default-src 'none'; style-src 'unsafe-inline'",
    );
  });
  it('has a language, a title and a viewport', () => {
    expect(all('html')[0]?.getAttribute('lang')).toBe('en');
    expect(all('title')[0]?.textContent).toContain(title);
    expect(all('meta[name="viewport"]')).toHaveLength(1);
  });
  it('has one main heading and no level skipped', () => {
    const levels = all('h1, h2, h3, h4').map(({ tagName }) => Number(tagName[1]));
    expect(levels[0]).toBe(1);
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    levels.slice(1).forEach((level, index) => {
      expect(level - (levels[index] ?? 0)).toBeLessThanOrEqual(1);
    });
  });
  it('describes every drawing, and hides what is decoration', () => {
    for (const svg of all('svg')) {
      const described =
        (svg.getAttribute('aria-label') ?? '').length > 20 && svg.getAttribute('role') === 'img';
      expect(described || svg.getAttribute('aria-hidden') === 'true').toBe(true);
    }
    expect(all('figure')).toHaveLength(all('figcaption').length);
    expect(all('figure > svg[aria-label]')).toHaveLength(all('figure').length);
  });
  it('has unique ids, and every link and label leads to one', () => {
    const ids = all('[id]').map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const targets = [
      ...all('a[href]').map((link) => link.getAttribute('href')?.slice(1)),
      ...all('[aria-labelledby]').map((element) => element.getAttribute('aria-labelledby')),
    ];
    for (const target of targets) expect(ids).toContain(target);
  });
  it('has as many cells in a row as the table has columns', () => {
    for (const table of all('table:not(.facts)')) {
      const columns = table.querySelectorAll('thead th').length;
      const rows = table.querySelectorAll('tbody tr').length;
      expect(table.querySelectorAll('tbody th, tbody td').length).toBe(rows * columns);
      expect(rows).toBeGreaterThan(0);
    }
  });
  it('ends with how to run it again', () => {
    expect(all('pre.command')[0]?.textContent).toBe(command);
  });
});

it('a small report is the committed one', async () => {
  await expect(renderReport(syntheticInput())).toMatchFileSnapshot('snapshots/report.html');
});
it('an incomplete report is the committed one', async () => {
  await expect(renderReport({ run: incompleteRun(), command: 'tickets run quick' })).toMatchFileSnapshot(
    'snapshots/incomplete.html',
  );
});

it('a page says the answer before everything else, for each benchmark', () => {
  const claimed = {
    ...bench,
    models: bench.models.map((model) => ({
      ...model,
      batches: model.batches.map((timed) => ({
        ...timed,
        verdict: model.encoding === 'compact' ? ('faster' as const) : ('same' as const),
      })),
    })),
  };
  for (const page of [
    renderBenchReport({ benches: [claimed, onGpu], command: '' }),
    renderReport({ ...syntheticInput(), benches: [claimed, onGpu] }),
  ]) {
    const header = parse(page).all('header')[0]?.textContent.replaceAll(/\s+/g, ' ') ?? '';
    expect(header).toContain('CPU (Example CPU at 2.00 GHz, threads: 1):');
    expect(header).toContain('At batch 1 the fastest is compact 3.58 %');
    expect(header).toContain('1.35 times as fast as dense 100 % [1.30 to 1.41]');
    expect(header).toContain('CUDA (an unnamed GPU):');
    expect(header).toContain('it is not known whether a model is faster than dense 100 %');
  }
});

describe('text from files', () => {
  const hostile = `</title></style></svg></pre><script>alert("1")</script><img src=x onerror='1'>&amp;`;
  const run = syntheticRun({ evaluations: 3 });
  const bench = syntheticBench();
  const page = renderReport({
    run: {
      ...run,
      experiment: {
        ...run.experiment,
        name: hostile,
        network: { name: hostile, input: [28, 28], layers: [] },
      },
      dataset: { id: hostile, checksum: hostile },
      hash: hostile,
      stages: run.stages.map((stage) => ({
        ...stage,
        finishedAt: hostile,
        layerDensities: { [hostile]: stage.density },
      })),
    },
    benches: [
      {
        ...bench,
        environment: { ...bench.environment, cpu: hostile, os: hostile, node: hostile, onnxruntime: hostile },
        baseline: hostile,
        models: bench.models.map((model) => ({
          ...model,
          name: hostile,
          encoding: hostile,
          notes: [hostile],
        })),
        warnings: [hostile],
      },
    ],
    exports: [{ file: hostile, encoding: hostile, density: 0.5, bytes: 1 }],
    command: hostile,
    environment: { [hostile]: hostile },
  });

  it('cannot put an element or an attribute into the page', () => {
    const { all } = parse(page);
    expect(page).not.toMatch(/<script|<img|<\/title><\/style>/i);
    expect(all('script, img, [onerror]')).toEqual([]);
    expect(page.match(/<\/style>/g)).toHaveLength(1);
    // Labels that are cut short have titles of their own.
    expect(page.match(/<\/title>/g)).toHaveLength(page.match(/<title>/g)?.length ?? 0);
  });
  it('is shown as it is', () => {
    const { all } = parse(page);
    expect(all('pre.command')[0]?.textContent).toBe(hostile);
    expect(all('title')[0]?.textContent).toContain('alert');
  });
});

describe('what is missing is said', () => {
  it('stages by branch, trial and level', () => {
    const page = renderReport({ run: incompleteRun(), command: 'x' }).replace(/\s+/g, ' ');
    expect(page).toContain('2 of 14 trainings are finished');
    expect(page).toContain('iterative ticket, trial 1: levels 2–3');
    expect(page).toContain('random reinitialisation, trial 2: levels 1–3');
  });
  it('nothing when the run is complete', () => {
    expect(renderReport(syntheticInput())).not.toContain('not complete');
  });
  it('a benchmark that was not made', () => {
    expect(renderReport({ run: incompleteRun(), command: 'x' })).toContain('No benchmark was made.');
  });
});

describe('what is left of the network', () => {
  const { all } = parse(renderReport(syntheticTextInput()));

  it('is counted level by level, over what there was', () => {
    const [table] = all('#structure table');
    expect(table?.textContent).toMatch(/Live inputs\s*of 10,000/);
    expect(table?.textContent).toMatch(/fc1\s*of 128/);
    expect(table?.textContent).toContain('8,945');
  });

  it('is told by words, class by class', () => {
    const tables = all('#structure table').map(({ textContent }) => textContent);
    expect(tables).toHaveLength(3);
    expect(tables[1]).toMatch(/earn\s*795\s*shr, net, cts/);
    expect(tables[1]).toMatch(/<grain>\s*12\s*wheat, tonnes & bushels/);
    expect(tables[1]).toContain('4321 of 10000 words');
  });

  it('is not shown of runs that did not count it', () => {
    expect(parse(renderReport(syntheticInput())).all('#structure')).toEqual([]);
  });

  it('comes with macro-F1, where that says something else than accuracy', () => {
    expect(all('#plot-macro-f1').length).toBeGreaterThan(0);
    expect(parse(renderReport(syntheticInput())).all('#plot-macro-f1')).toEqual([]);
  });
});
