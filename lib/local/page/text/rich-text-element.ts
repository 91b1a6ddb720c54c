type Style = { bold?: boolean; italic?: boolean; strike?: boolean; code?: boolean };

/** Slack's rich text elements, as far as mrkdwn can say them. */
export type RichTextSectionElement =
  | { type: 'text'; text: string; style?: Style }
  | { type: 'link'; url: string; text: string; style?: Style }
  | { type: 'user'; user_id: string; style?: Style }
  | { type: 'channel'; channel_id: string; style?: Style }
  | { type: 'usergroup'; usergroup_id: string; style?: Style }
  | { type: 'emoji'; name: string }
  | { type: 'date'; timestamp: number; format: string; fallback: string; style?: Style }
  | { type: 'broadcast'; range: 'here' | 'channel' | 'everyone' };
