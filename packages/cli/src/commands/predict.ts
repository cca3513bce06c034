import { Command, Option } from '@commander-js/extra-typings';
import { readImage } from '@winning-tickets/datasets';
import { openClassifier } from '../classifier.js';
import { count, examples, jsonOption } from '../options.js';
import type { Prediction } from '../predictions.js';
import { predictionsOf } from '../predictions.js';
import { predictionsTable } from '../render/predictions.js';
import { renderTable } from '../render/table.js';
import { withRuntime } from '../runtime.js';
import { colorsOf, print, printJson } from '../terminal.js';

/** What a model takes images for. */
export function predictCommand() {
  return new Command('predict')
    .summary('classify images with an exported model')
    .description(
      'Classifies images with an exported model. How they enter it, and what the classes are called, stands in the ' +
        "model's metadata. Images are PGM or PNG files of the size that the network takes, light on dark as in MNIST.",
    )
    .argument('<model>', 'an .onnx file that tickets exported')
    .addOption(new Option('--image <files...>', 'images to classify').makeOptionMandatory())
    .addOption(new Option('--top <k>', 'classes to show of each image').argParser(count).default(3))
    .option('--invert', 'the images are dark on light')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'tickets predict small.onnx --image seven.png',
        'tickets predict small.onnx --image *.pgm --invert --top 1',
      ),
    )
    .action(async (model, { image: images, top, invert = false, json }) => {
      const found = await withRuntime(async (runtime) => {
        const { facts, logits } = await openClassifier(model, runtime);
        const results: { readonly image: string; readonly predictions: readonly Prediction[] }[] = [];
        for (const image of images) {
          const { data } = await readImage(image, facts.inputShape);
          const scores = await logits(invert ? data.map((level) => 255 - level) : data, 1);
          results.push({ image, predictions: predictionsOf(scores, facts.classNames).slice(0, top) });
        }
        return results;
      });
      if (json) printJson(found);
      else print(renderTable(predictionsTable(found), colorsOf(process.stdout)));
    });
}
