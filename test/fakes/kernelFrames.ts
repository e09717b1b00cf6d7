import { writeFrame } from '../../src/protocol/jupyter/kernelFrame';

/** A message as a socket carries it, with a header that says no more than its id and its type. */
export function kernelFrame(
  channel: string,
  type: string,
  id: string,
  content: object,
  parent = '',
): Uint8Array {
  return writeFrame({
    channel,
    header: JSON.stringify({ msg_id: id, msg_type: type }),
    parentHeader: parent === '' ? '{}' : JSON.stringify({ msg_id: parent, msg_type: 'some_request' }),
    metadata: '{}',
    content: JSON.stringify(content),
  });
}
