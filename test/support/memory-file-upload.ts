import type { FileToUpload, FileUpload } from '../../lib/app/ports/file-upload.ts';
import type { MessengerFailure } from '../../lib/messages/message.ts';

/** A Slack in memory that keeps what is uploaded. `trouble` is met by the next uploads, one each. */
export interface MemoryFileUpload extends FileUpload {
  readonly uploads: readonly FileToUpload[];
  readonly trouble: MessengerFailure[];
}

/** Makes one. */
export const createMemoryFileUpload = (): MemoryFileUpload => {
  const uploads: FileToUpload[] = [];
  const trouble: MessengerFailure[] = [];
  return {
    uploads,
    trouble,
    upload: async (file) => {
      const failure = trouble.shift();
      if (failure !== undefined) return { ok: false, failure };
      uploads.push(file);
      const fileId = `F${uploads.length}`;
      return { ok: true, value: { fileId, permalink: `https://local.example/files/${fileId}` } };
    },
  };
};
