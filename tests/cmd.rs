//! What people see at the prompt: the cases are in tests/cmd/.

#[test]
fn what_people_see() {
    trycmd::TestCases::new().case("tests/cmd/*.trycmd");
}
