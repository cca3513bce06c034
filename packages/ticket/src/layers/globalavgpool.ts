import { globalAveragePool } from '@winning-tickets/onnx';
import { globalPooling } from './shared/global-pooling.js';

/** The mean of each channel. */
export const globalavgpool = globalPooling('globalavgpool', globalAveragePool);
