"""A finished review → what is done on its pull request, as values; pure."""

from reviewbot.review.publishing.plan import plan
from reviewbot.review.publishing.policy import Byline, PublishPolicy
from reviewbot.review.publishing.situation import Situation
from reviewbot.review.publishing.words import Telling, Words

__all__ = ["Byline", "PublishPolicy", "Situation", "Telling", "Words", "plan"]
