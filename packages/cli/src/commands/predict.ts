import { Command, Option } from '@commander-js/extra-typings';
import { readImage } from '@winning-tickets/datasets';
import { readBytes } from '../bytes.js';
import type { Classifier } from '../classifier.js';
import { openClassifier } from '../classifier.js';
import { vectorizer } from '../document.js';
import { UsageError } from '../failures.js';
import { count, examples, jsonOption } from '../options.js';
import type { Prediction } from '../predictions.js';
import { predictionsOf } from '../predictions.js';
import type { PredictedSample } from '../render/predictions.js';
import { predictionsTable } from '../render/predictions.js';
import { renderTable } from '../render/table.js';
import { withRuntime } from '../runtime.js';
import { colorsOf, note, print, printJson } from '../terminal.js';

/** What a model takes images or texts for. */
export function predictCommand() {
  return new Command('predict')
    .summary('classify images or texts with a model')
    .description(
      'Classifies images or texts with an exported model, or a ticket. How they enter it, and what the classes are ' +
        'called, stands in the file. Images are PGM or PNG files of the size that the network takes, light on dark as in ' +
        'MNIST. Texts become numbers by the words that the model was trained on; words that it does not know say nothing.',
    )
    .argument('<model>', 'an .onnx file that tickets exported, or a .ticket')
    .addOption(new Option('--image <files...>', 'images to classify'))
    .addOption(new Option('--text <texts...>', 'texts to classify'))
    .addOption(new Option('--text-file <files...>', 'files of one text each, in UTF-8'))
    .addOption(new Option('--top <k>', 'classes to show of each').argParser(count).default(3))
    .option('--invert', 'the images are dark on light')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'tickets predict small.onnx --image seven.png',
        'tickets predict small.onnx --image *.pgm --invert --top 1',
        'tickets predict news.onnx --text "Wheat exports rose" --text-file article.txt',
      ),
    )
    .action(
      async (model, { image: images = [], text: texts = [], textFile = [], top, invert = false, json }) => {
        const documents = texts.length + textFile.length;
        if (images.length + documents === 0) {
          throw new UsageError(
            'there is nothing to classify: name images (--image) or texts (--text, --text-file)',
          );
        }
        const found = await withRuntime(async (runtime) => {
          const classifier = await openClassifier(model, runtime);
          checkKind(classifier, model, { images: images.length, documents });
          return [
            ...(await predictImages(classifier, images, invert)),
            ...(await predictTexts(classifier, texts, textFile)),
          ].map((sample) => ({ ...sample, predictions: sample.predictions.slice(0, top) }));
        });
        if (json) printJson(found);
        else print(renderTable(predictionsTable(found), colorsOf(process.stdout)));
      },
    );
}

function checkKind({ facts }: Classifier, model: string, asked: { images: number; documents: number }): void {
  if (facts.words && asked.images > 0) {
    throw new Error(`${model}: classifies texts, not images: give --text or --text-file`);
  }
  if (!facts.words && asked.documents > 0) {
    throw new Error(`${model}: classifies images, not texts: give --image`);
  }
}

async function predictImages(
  { facts, logits }: Classifier,
  images: readonly string[],
  invert: boolean,
): Promise<PredictedSample[]> {
  const results: { readonly image: string; readonly predictions: readonly Prediction[] }[] = [];
  for (const image of images) {
    const { data } = await readImage(image, facts.inputShape);
    const stored = {
      shape: [1, ...facts.inputShape],
      data: invert ? data.map((level) => 255 - level) : data,
    };
    results.push({
      image,
      predictions: predictionsOf(await logits(stored, 0, 1), facts.classNames, facts.labels),
    });
  }
  return results;
}

async function predictTexts(
  { facts: { words, classNames, labels }, logits }: Classifier,
  texts: readonly string[],
  files: readonly string[],
): Promise<PredictedSample[]> {
  if (!words) return [];
  const vectorized = vectorizer(words);
  const predict = async (text: string, name: string): Promise<readonly Prediction[]> => {
    const { inputs, known } = vectorized(text);
    if (known === 0) note(`${name}: the model knows none of its words; this is what it makes of nothing`);
    return predictionsOf(await logits(inputs, 0, 1), classNames, labels);
  };
  const results: PredictedSample[] = [];
  for (const [index, text] of texts.entries()) {
    results.push({ text, predictions: await predict(text, `text ${index + 1}`) });
  }
  for (const textFile of files) {
    results.push({ textFile, predictions: await predict(await readText(textFile), textFile) });
  }
  return results;
}

async function readText(path: string): Promise<string> {
  const bytes = await readBytes(path);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new Error(`${path}: is not text in UTF-8`, { cause: error });
  }
}
