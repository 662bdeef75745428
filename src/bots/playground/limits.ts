// Every bound of the playground in one place.

export const limits = {
  bodyBytesMax: 64 * 1024,
  textLengthMax: 10_000,
  messagesPerChannelMax: 500,
  /** Commands of one person that have not been answered yet. */
  runningPerPersonMax: 20,
  filesMax: 20,
  fileBytesMax: 5 * 1024 * 1024,
  picturesMax: 60,
  pictureBytesMax: 1024 * 1024,
  formValuesMax: 40,
  /** How much longer than its field a value may be: the form's owner says so better, beside it. */
  formSlackMax: 200,
  streamsMax: 64,
  /** A window that reads slower than this piles up is cut off; it comes back and catches up. */
  streamBacklogBytesMax: 4 * 1024 * 1024,
  heartbeatMs: 10_000,
  reconnectMs: 1_000,
} as const;
