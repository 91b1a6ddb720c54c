/** Whether an address is one of Slack's own hosts, over HTTPS, or is where the Web API is. Nothing of ours goes anywhere else, whatever an answer says. */
export const isSlackAddress = (url: URL, slackApiUrl: string): boolean => {
  const api = new URL(slackApiUrl);
  return url.origin === api.origin || (url.protocol === 'https:' && url.hostname.endsWith(`.${api.hostname}`));
};
