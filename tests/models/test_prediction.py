import numpy as np
import pytest

from tpugraph_db.models.prediction import Prediction

VALUES = np.zeros(3)


def test_a_prediction_may_have_columns_of_ops_and_of_configs():
    made = Prediction("m", "1", ops={"m_share": VALUES}, configs={"m_rank2": VALUES})
    assert (list(made.ops), list(made.configs)) == (["m_share"], ["m_rank2"])


@pytest.mark.parametrize("name", ["Cost", "2fast", "cost-share", "a.b", "a b", "", "a`b", "a}) DETACH DELETE (n", "é"])
def test_a_property_that_would_need_quotes_is_refused(name):
    with pytest.raises(ValueError, match="a model's property must match"):
        Prediction("m", "1", ops={name: VALUES})
    with pytest.raises(ValueError, match="a model's property must match"):
        Prediction("m", "1", configs={name: VALUES})
