"""What others would have built, written as their documentation shows it: the measure of our own figures."""
