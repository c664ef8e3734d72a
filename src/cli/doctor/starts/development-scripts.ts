/** Names of scripts that an app is not started by where it is in use. */
export const OF_DEVELOPMENT =
  /^(?:pre|post)?(?:test|lint|build|bench|check)\b|(?:^|[:.-])(?:dev|develop|development|debug|watch|local|inspect|test|e2e|ci|mock)\b/;
