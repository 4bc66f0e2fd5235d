import { AnswerRating } from '../../entities/assistant/chat-message.js';
import { defineCounter } from '../kernel/metrics.js';

export const answersRated = defineCounter('answers_rated_total', 'Ratings that users have given to answers.', {
  rating: Object.values(AnswerRating),
});
