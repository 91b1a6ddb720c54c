import { isPicture, placeOfFile } from '../../slack/store/stored-file.ts';
import type { StoredFile } from '../../slack/store/workspace.ts';
import { Icon } from '../frame/icons.tsx';
import { sizeText } from './file-size.ts';

const FileRow = ({ file }: { readonly file: StoredFile }) => (
  <a className="ws-file" href={`/${placeOfFile(file.id)}`} download={file.name}>
    <Icon name="file" size={28} />
    <span className="ws-file-name">
      <strong>{file.title}</strong>
      <span>
        {file.name} · {sizeText(file.size)}
      </span>
    </span>
    <Icon name="download" />
  </a>
);

/** A picture with its title over it, as Slack shows one. */
export const Picture = ({
  fileId,
  title,
  altText,
}: {
  readonly fileId: string;
  readonly title: string;
  readonly altText: string;
}) => (
  <figure className="ws-picture">
    {title !== '' && <figcaption>{title}</figcaption>}
    <a href={`/${placeOfFile(fileId)}`} target="_blank" rel="noopener noreferrer">
      <img src={`/${placeOfFile(fileId)}`} alt={altText} />
    </a>
  </figure>
);

/** The files of a message: pictures are shown, anything else can be downloaded. */
export const Files = ({ files }: { readonly files: readonly StoredFile[] }) =>
  files.map((file) =>
    isPicture(file) ? (
      <Picture key={file.id} fileId={file.id} title={file.title} altText={file.altText ?? file.title} />
    ) : (
      <FileRow key={file.id} file={file} />
    ),
  );
