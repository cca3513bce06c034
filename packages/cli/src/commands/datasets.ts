import { Command } from '@commander-js/extra-typings';
import { datasetNames, describeDataset } from '@winning-tickets/datasets';
import { examples, jsonOption } from '../options.js';
import { datasetFacts, datasetsTable } from '../render/datasets.js';
import { renderFacts, renderTable } from '../render/table.js';
import { colorsOf, print, printJson } from '../terminal.js';

/** The data sets there are. */
export function datasetsCommand() {
  return new Command('datasets')
    .summary('list the data sets, their licences and where they come from')
    .description('Lists the data sets that can be trained on: licence, source, and where their files are.')
    .argument('[name]', 'one data set, in detail')
    .addOption(jsonOption())
    .addHelpText('after', examples('tickets datasets', 'tickets datasets mnist'))
    .action((name, { json }) => {
      if (name !== undefined) {
        const one = describeDataset(name);
        if (json) printJson(one);
        else print(renderFacts(datasetFacts(one)));
        return;
      }
      const all = datasetNames().map(describeDataset);
      if (json) printJson(all);
      else print(renderTable(datasetsTable(all), colorsOf(process.stdout)));
    });
}
