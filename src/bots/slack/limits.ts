// What Slack takes, in one place. Block Kit: https://docs.slack.dev/reference/block-kit, each block's
// own page and `@slack/types` 3.2; messages: https://docs.slack.dev/reference/methods/chat.postMessage;
// all read 2026-11-26. A table's 10,000 characters hold for all tables of one message, and only one
// table is taken in a message: https://github.com/vercel/chat/pull/194 and the table block's page.
export const limits = {
  blocksInMessageMax: 50,
  blocksInViewMax: 100,
  headerMax: 150,
  textObjectMax: 3000,
  fieldMax: 2000,
  fieldsInSectionMax: 10,
  /** Of `text`, which notifications and screen readers get; more is cut off without a word. */
  fallbackMax: 3000,
  /** Not documented for rich text; a message of more than this is refused as too long. */
  paragraphsMax: 8000,
  contextElementsMax: 10,
  contextElementMax: 2000,
  actionsInBlockMax: 25,
  buttonLabelMax: 75,
  buttonValueMax: 2000,
  confirmTitleMax: 100,
  confirmTextMax: 300,
  confirmYesMax: 30,
  tableRowsMax: 100,
  tableColumnsMax: 20,
  tableCharactersMax: 10_000,
  altTextMax: 2000,
  viewTitleMax: 24,
  viewSubmitMax: 24,
  metadataMax: 3000,
  labelMax: 2000,
  hintMax: 2000,
  inputMax: 3000,
  optionsMax: 100,
  optionGroupsMax: 100,
  optionLabelMax: 75,
  optionValueMax: 150,
  chartTitleMax: 50,
  chartLabelMax: 20,
  chartSeriesMax: 6,
  chartCategoriesMax: 20,
  /** https://docs.slack.dev/interactivity/handling-user-interaction, read 2026-11-26. */
  responsesMax: 5,
  commandMax: 32,
  usageHintMax: 1000,
  descriptionMax: 2000,
  /** Of events whose second delivery would be noticed. */
  seenMax: 5000,
  /** How long a person who was looked up is believed to be who they are. */
  standingMs: 5 * 60_000,
  standingsMax: 1000,
  callTimeoutMs: 10_000,
  /** How long one call waits altogether where Slack asks for patience. */
  patienceMs: 30_000,
} as const;
