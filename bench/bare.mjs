// The floor of the bots: an app that only loads the bare SDKs, connects, and says to Slack or Discord
// that it has heard, which is the least that one may honestly do. It is plain JavaScript because a
// loader of TypeScript in its process would be counted as its memory and its start.
const { SLACK_API_URL, DISCORD_API_URL } = process.env;

await Promise.all([
  SLACK_API_URL === undefined ? undefined : connectSlack(SLACK_API_URL),
  DISCORD_API_URL === undefined ? undefined : connectDiscord(DISCORD_API_URL),
]);

/** @param {string} slackApiUrl */
async function connectSlack(slackApiUrl) {
  const { App, SocketModeReceiver } = await import('@slack/bolt');
  const clientOptions = { slackApiUrl: `${slackApiUrl}/` };
  const app = new App({
    token: process.env.SLACK_BOT_TOKEN,
    clientOptions,
    receiver: new SocketModeReceiver({
      appToken: process.env.SLACK_APP_TOKEN ?? '',
      installerOptions: { clientOptions },
    }),
  });
  app.command(/.*/, async ({ ack }) => {
    await ack();
  });
  app.action(/.*/, async ({ ack }) => {
    await ack();
  });
  app.view(/.*/, async ({ ack }) => {
    await ack();
  });
  await app.start();
}

/** @param {string} api */
async function connectDiscord(api) {
  const { Client, Events, MessageFlags } = await import('discord.js');
  const client = new Client({ intents: [], rest: { api } });
  client.on(Events.InteractionCreate, async (interaction) => {
    if (interaction.isMessageComponent()) await interaction.deferUpdate();
    else if (interaction.isChatInputCommand())
      await interaction.deferReply({ flags: MessageFlags.Ephemeral });
  });
  await client.login(process.env.DISCORD_BOT_TOKEN);
}
