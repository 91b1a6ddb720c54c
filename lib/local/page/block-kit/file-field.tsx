import { useState } from 'react';
import { upload } from '../workspace/api.ts';
import { useWorkspaceContext } from '../workspace/surroundings.ts';
import { sizeText } from './file-size.ts';

type Props = {
  readonly id: string;
  readonly value: string | null;
  readonly onChange: (value: string | null) => void;
  readonly describedBy?: string | undefined;
  readonly isInvalid?: boolean | undefined;
};

/** A field for a file: it is uploaded when it is chosen, and the form holds its id. */
export const FileField = ({ id, value, onChange, describedBy, isInvalid }: Props) => {
  const { me } = useWorkspaceContext();
  const [said, setSaid] = useState('');
  const take = async (file: File | undefined): Promise<void> => {
    onChange(null);
    if (file === undefined) return setSaid('');
    setSaid(`Uploading ${file.name}…`);
    const uploaded = await upload(me.id, file);
    setSaid('id' in uploaded ? `${file.name} · ${sizeText(file.size)}` : uploaded.error);
    if ('id' in uploaded) onChange(uploaded.id);
  };
  return (
    <>
      <input
        id={id}
        type="file"
        className="ws-field ws-file-field"
        aria-describedby={describedBy}
        aria-invalid={isInvalid}
        onChange={(event) => void take(event.target.files?.[0])}
      />
      {said !== '' && (
        <p className="bk-hint" role="status">
          {value === null ? said : `✓ ${said}`}
        </p>
      )}
    </>
  );
};
