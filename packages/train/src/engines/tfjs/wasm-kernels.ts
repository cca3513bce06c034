import type { KernelConfig, KernelFunc } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Kernels that TensorFlow.js 4.22 lacks in WebAssembly, or that do not serve there, so that its own gradients work:
 *
 * - `Conv2DBackpropFilter`, the gradient of a convolution for its weights, is missing. It is a convolution itself, of the
 *   image with the axes of batch and channels swapped by the gradient as its kernel.
 * - `UnsortedSegmentSum`, the gradient of picking rows, is missing. Scattering adds up what meets in one place.
 * - `MaxPoolGrad` is there, but where elements of a window tie it gives the gradient to another than the first, or loses it.
 * - `BatchMatMul` is there, but slow where it is to transpose a matrix: it is given the transpose.
 */
export function registerWasmKernels(): void {
  // Its type leaves out that there may be none.
  const known = tf.getKernel('Conv2DBackpropFilter', 'wasm') as KernelConfig | undefined;
  if (known) return;
  register('Conv2DBackpropFilter', ({ inputs, attrs }) => {
    const { x, dy } = inputs as unknown as { readonly x: tf.Tensor4D; readonly dy: tf.Tensor4D };
    return filterGradient(x, dy, attrs as unknown as FilterAttributes);
  });
  register('UnsortedSegmentSum', ({ inputs, attrs }) => {
    const { x, segmentIds } = inputs as unknown as {
      readonly x: tf.Tensor;
      readonly segmentIds: tf.Tensor1D;
    };
    const { numSegments } = attrs as unknown as { readonly numSegments: number };
    return tf.scatterND(tf.expandDims(segmentIds, 1), x, [numSegments, ...x.shape.slice(1)]);
  });
  replaceMaxPoolGrad();
  replaceMatMul();
}

type Kernel = (call: Parameters<KernelFunc>[0]) => tf.Tensor;

/** The kernel's tensors on the way are freed. */
function register(kernelName: string, kernel: Kernel, rest: Partial<KernelConfig> = {}): void {
  const kernelFunc: KernelFunc = (call) => tf.tidy(() => kernel(call));
  tf.registerKernel({ ...rest, kernelName, backendName: 'wasm', kernelFunc });
}

interface FilterAttributes {
  readonly strides: [number, number];
  readonly pad: 'same' | 'valid' | number | tf.backend_util.ExplicitPadding;
  readonly filterShape: [number, number, number, number];
}

/**
 * @param x `[batch, height, width, channels]`
 * @param dy `[batch, rows, columns, units]`
 * @returns `[kernel height, kernel width, channels, units]`
 */
function filterGradient(x: tf.Tensor4D, dy: tf.Tensor4D, attributes: FilterAttributes): tf.Tensor {
  const { strides, pad, filterShape } = attributes;
  const { padInfo } = tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad);
  const { top, bottom, left, right } = padInfo;
  const image = tf.pad(x, [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ]);
  const sums = tf.conv2d(
    tf.transpose(image, [3, 1, 2, 0]),
    tf.transpose(dy, [1, 2, 0, 3]),
    1,
    'valid',
    'NHWC',
    strides,
  );
  const [height, width, channels, units] = filterShape;
  // Where strides leave a remainder there are more sums than weights.
  const kept = tf.slice(sums, [0, 0, 0, 0], [channels, height, width, units]);
  return tf.transpose(kept, [1, 2, 0, 3]);
}

function replaceMaxPoolGrad(): void {
  tf.unregisterKernel('MaxPoolGrad', 'wasm');
  register('MaxPoolGrad', ({ inputs, attrs }) => {
    const { dy, input } = inputs as unknown as { readonly dy: tf.Tensor4D; readonly input: tf.Tensor4D };
    const { filterSize, strides, pad } = attrs as unknown as tf.MaxPoolGradAttrs;
    const windows = tf.backend_util.computePool2DInfo(input.shape, filterSize, strides, 1, pad);
    return tf.tensor4d(poolingGradient(input.dataSync(), dy.dataSync(), windows), input.shape);
  });
}

/** The gradient of each window at the first of its largest elements. */
function poolingGradient(
  x: ArrayLike<number>,
  dy: ArrayLike<number>,
  windows: tf.backend_util.Conv2DInfo,
): Float32Array {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, padInfo } = windows;
  const dx = new Float32Array(x.length);
  let window = 0;
  for (let sample = 0; sample < batchSize; sample++) {
    for (let row = 0; row < outHeight; row++) {
      const top = row * windows.strideHeight - padInfo.top;
      for (let column = 0; column < outWidth; column++) {
        const left = column * windows.strideWidth - padInfo.left;
        for (let channel = 0; channel < inChannels; channel++) {
          let best = -1;
          for (let y = Math.max(0, top); y < Math.min(inHeight, top + windows.filterHeight); y++) {
            for (let z = Math.max(0, left); z < Math.min(inWidth, left + windows.filterWidth); z++) {
              const place = ((sample * inHeight + y) * inWidth + z) * inChannels + channel;
              if (best < 0 || (x[place] ?? 0) > (x[best] ?? 0)) best = place;
            }
          }
          dx[best] = (dx[best] ?? 0) + (dy[window++] ?? 0);
        }
      }
    }
  }
  return dx;
}

function replaceMatMul(): void {
  const own = tf.getKernel('BatchMatMul', 'wasm');
  tf.unregisterKernel('BatchMatMul', 'wasm');
  register(
    'BatchMatMul',
    ({ inputs, attrs, backend }) => {
      const { a, b } = inputs as unknown as { readonly a: tf.Tensor; readonly b: tf.Tensor };
      const { transposeA, transposeB } = attrs as unknown as {
        readonly transposeA: boolean;
        readonly transposeB: boolean;
      };
      const turned = { a: transposeA ? swapped(a) : a, b: transposeB ? swapped(b) : b };
      const result = own.kernelFunc({
        inputs: turned,
        attrs: { transposeA: false, transposeB: false },
        backend,
      });
      return tf.engine().makeTensorFromTensorInfo(result as tf.TensorInfo);
    },
    own,
  );
}

function swapped(x: tf.Tensor): tf.Tensor {
  const axes = x.shape.map((_, axis) => axis);
  return tf.transpose(x, [...axes.slice(0, -2), x.rank - 1, x.rank - 2]);
}
