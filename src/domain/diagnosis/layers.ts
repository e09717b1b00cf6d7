/** The layers between a person and their kernel, in the order in which a request passes them. */
export type Layer =
  | 'proxy'
  | 'name'
  | 'certificate'
  | 'discovery'
  | 'token'
  | 'scopes'
  | 'life'
  | 'hub'
  | 'xsrf'
  | 'images'
  | 'lab'
  | 'socket';
