import type { BenchResult } from '@winning-tickets/bench';
import * as Plot from '@observablehq/plot';
import { bytesText, densityText } from '../format.js';
import type { ExportSummary, ReportInput } from '../input.js';
import { seriesStyle } from '../series.js';
import { drawPlot, type Figure } from './figure.js';

/** Size of each exported file, by density and encoding. Undefined without files. */
export function fileSizes({ exports, benches }: ReportInput): Figure | undefined {
  const files = (exports ?? benchedFiles(benches?.[0])).filter(
    ({ bytes }) => Number.isFinite(bytes) && bytes >= 0,
  );
  if (files.length === 0) return undefined;
  const encodings = [...new Set(files.map(({ encoding }) => encoding))];
  const sorted = [...files].sort(
    (a, b) =>
      b.density - a.density ||
      encodings.indexOf(a.encoding) - encodings.indexOf(b.encoding) ||
      b.bytes - a.bytes,
  );
  const label = ({ encoding, density }: ExportSummary) => `${encoding} ${densityText(density)}`;
  const rows = sorted.map((file, index) => ({
    index,
    label: label(file),
    kilobytes: file.bytes / 1e3,
    file,
  }));
  const { colour } = seriesStyle(0);
  const largest = Math.max(...rows.map(({ kilobytes }) => kilobytes), 0.001);
  const id = 'plot-sizes';
  return {
    id,
    title: 'File size by encoding',
    svg: drawPlot(
      id,
      `Bar chart. Size of each exported file. ${rows.map((row) => `${row.label}: ${bytesText(row.file.bytes)}`).join('; ')}.`,
      {
        height: 62 + rows.length * 27,
        marginLeft: 140,
        marginTop: 12,
        x: {
          label: 'file size (kB) →',
          labelArrow: 'none',
          labelAnchor: 'right',
          grid: true,
          ticks: 4,
          domain: [0, largest * 1.22],
        },
        y: { domain: rows.map(({ index }) => index), label: null, axis: null, padding: 0.3 },
        marks: [
          Plot.axisY({
            tickSize: 0,
            tickFormat: (index: number) => rows[index]?.label ?? '',
            lineWidth: 8.5,
            textOverflow: 'ellipsis-middle',
          }),
          Plot.barX(rows, { y: 'index', x: 'kilobytes', fill: colour }),
          Plot.text(rows, {
            y: 'index',
            x: 'kilobytes',
            text: (row: (typeof rows)[number]) => bytesText(row.file.bytes),
            textAnchor: 'start',
            dx: 5,
          }),
          Plot.ruleX([0]),
        ],
      },
    ),
    legend: [],
    caption:
      'Bytes of the ONNX file of each encoding; the percentage is the share of the weights that survive.',
  };
}

function benchedFiles(bench: BenchResult | undefined): ExportSummary[] {
  return (bench?.models ?? []).flatMap(({ file, encoding, density, bytes }) =>
    encoding === undefined || density === undefined ? [] : [{ file, encoding, density, bytes }],
  );
}
