import type { Model } from '@winning-tickets/onnx';

/**
 * The name that an exported file gets: `lenet-300-100-trial1-iterative-level15-density0.0358-compact.onnx`, with
 * `-live-inputs` where it takes just these, `bag-compact` for the bag form of the smaller network, and `compact-int8` where
 * the weights of another encoding are rounded. Whatever a ticket
 * says, it is one name without folders.
 */
export function exportFileName({ metadata }: Model): string {
  const of = (key: string): string => metadata[`tickets.${key}`] ?? '';
  const density = Number(Number(of('density')).toPrecision(3));
  const parts = [
    plain(of('network')),
    `trial${of('trial')}`,
    plain(of('branch')),
    `level${of('level')}`,
    `density${density}`,
    ...(of('of') === '' || of('of') === 'dense' ? [] : [of('of')]),
    of('encoding'),
    ...variant(of),
  ];
  return `${parts.join('-')}.onnx`;
}

function variant(of: (key: string) => string): string[] {
  if (of('liveInputs') !== '') return ['live-inputs'];
  if (of('of') !== '') return [];
  return of('inputForm').endsWith('bag') && of('compaction') !== '' ? ['compact'] : [];
}

// Names in tickets are free text: only letters, digits, dots, underscores and dashes reach the file system.
function plain(text: string): string {
  const name = text.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[.-]+/, '');
  return name === '' ? 'unnamed' : name.slice(0, 64);
}
