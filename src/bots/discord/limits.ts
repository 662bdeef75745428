// Every bound of Discord and of this bot in one place.
// https://discord.com/developers/docs/components/reference, /interactions/application-commands and
// /resources/message, read 2026-11-26.

export const limits = {
  /** Of all texts of one message of components together. */
  textMax: 4_000,
  /** Nested ones count too. */
  componentsMax: 40,
  rowButtonsMax: 5,
  buttonLabelMax: 80,
  customIdMax: 100,
  altMax: 1_024,
  threadNameMax: 100,
  /** What any server allows, however rarely it is boosted. */
  fileBytesMax: 10 * 1024 * 1024,

  modalTitleMax: 45,
  modalComponentsMax: 5,
  labelMax: 45,
  labelHelpMax: 100,
  inputMax: 4_000,
  selectOptionsMax: 25,
  optionTextMax: 100,

  choicesMax: 25,
  choiceTextMax: 100,
  descriptionMax: 100,

  /** Discord waits three seconds for a first answer; the way there and back needs some of them. */
  formWaitMs: 1_500,
  completionWaitMs: 2_000,
  /** Discord takes edits of an answer for this long. */
  progressEditsMax: 20,
  progressGapMs: 1_000,
  /** Redelivered within minutes, if at all. */
  interactionsSeenMax: 5_000,
  formsKeptMax: 500,
  formsKeptMs: 30 * 60_000,
  confirmsKeptMax: 2_000,
  standingKeptMs: 5 * 60_000,
  findPagesMax: 10,
  requestMs: 15_000,
  /** Until the last byte of an answer that has begun. */
  answerMs: 20_000,
  /** A longer wait is not slept through inside a request: whoever asks decides. */
  rateLimitWaitMs: 10_000,
  /** Of a 429 that does not say how long: too long to sleep through. */
  rateLimitUnsaidSeconds: 11,
  respondWaitMs: 1_500,
  stopWaitMs: 5_000,
  endWaitMs: 2_000,
  reconnectFirstMs: 1_000,
  reconnectMaxMs: 60_000,
  /** Also how often it is said that the token is refused. */
  refusedWaitMs: 60_000,
} as const;
