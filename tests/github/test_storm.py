"""In any weather: nothing twice, nothing lost, no verdict on what was not seen."""

import pytest

from tests.github.storm import storms


@pytest.mark.feature("R13")
@pytest.mark.timeout(300)
def test_two_thousand_courses_of_the_world() -> None:
    storms(2000)()
