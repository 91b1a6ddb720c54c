import * as z from 'zod';
import { directChannel } from '../store/conversation.ts';
import { isPicture, mimeTypeOf, placeOfFile } from '../store/stored-file.ts';
import { type Method, refuse } from './method.ts';
import { channelOf, writable } from './methods-chat.ts';

const completions = z.array(z.object({ id: z.string(), title: z.string().optional() })).min(1);

/** Opens someone's direct messages with the bot. */
export const conversationsOpen: Method = (args, { workspace }) => {
  const user = workspace.users.find(({ id }) => id === args.text('users'));
  return user === undefined ? refuse('user_not_found') : { ok: true, channel: { id: directChannel(user).id } };
};

/** Announces a file, and says where its bytes go. */
export const filesGetUploadUrlExternal: Method = (args, { files, store, pageUrl }) => {
  const name = args.text('filename') ?? '';
  const size = args.number('length') ?? 0;
  if (name === '' || !Number.isInteger(size) || size <= 0)
    return refuse('invalid_arguments', ['[ERROR] filename and a length above 0 are required']);
  const altText = args.text('alt_txt');
  const file = {
    id: store.nextId('F'),
    name,
    title: name,
    size,
    mimeType: mimeTypeOf(name),
    ...(altText === undefined ? {} : { altText }),
  };
  return { ok: true, upload_url: `${pageUrl()}/upload/${files.begin(file)}`, file_id: file.id };
};

/** Ends uploads, and shares them in a conversation; without one they are for the bot alone, until a message's image block shows them. */
export const filesCompleteUploadExternal: Method = (args, context) => {
  const { files, store, workspace, pageUrl } = context;
  const wanted = completions.safeParse(args.json('files'));
  if (!wanted.success) return refuse('invalid_arguments', ['[ERROR] files has to be an array of ids and titles']);
  const channelId = args.text('channel_id');
  if (channelId !== undefined && !/^[CGDZ]/.test(channelId))
    return refuse('invalid_arguments', [
      '[ERROR] input must match regex pattern: ^[CGDZ][A-Z0-9]{8,}$ [json-pointer:/channel_id]',
    ]);
  const target = channelId === undefined ? undefined : writable(channelOf({ ...args, text: () => channelId }, context));
  if (target !== undefined && 'failure' in target) return target.failure;
  const done = wanted.data.map(({ id, title }) => files.complete(id, title));
  const whole = done.filter((file) => file !== undefined);
  if (whole.length !== done.length) return refuse('file_not_found');
  for (const file of whole) store.addFile(file);
  if (target !== undefined) {
    store.add({
      channel: target.channel.id,
      author: workspace.bot.userId,
      text: args.text('initial_comment') ?? '',
      blocks: [],
      files: whole,
    });
  }
  return {
    ok: true,
    files: whole.map((file) => ({
      id: file.id,
      name: file.name,
      title: file.title,
      mimetype: file.mimeType,
      size: file.size,
      ...(isPicture(file) && file.altText !== undefined ? { alt_txt: file.altText } : {}),
      permalink: `${pageUrl()}/${placeOfFile(file.id)}`,
    })),
  };
};
